//! Session policies of any length of names: what STS takes at most is kept to before the start.

use std::collections::BTreeSet;

use tidemark_domain::{BackupRequest, PutBack, RestoreRequest, Role, runs::RunState};
use tidemark_services::{backup, plans, ports::CloudErrorKind, restore, runs};
use tidemark_testkit::{FakeTable, When, build};

use crate::{
    permissions::{of_findings, scaled},
    plans::{draft, gold, with_gold},
    world::{World, caller, hour_ago},
};

/// Every session policy under which calls were made fits what STS takes.
fn all_fit(world: &World) -> usize {
    let calls = world.cloud.calls();
    let policies: BTreeSet<&str> = calls
        .iter()
        .filter_map(|call| call.target.session.policy.as_deref())
        .collect();
    for policy in &policies {
        assert!(policy.len() <= 2_048, "{}: {policy}", policy.len());
    }
    policies.len()
}

#[tokio::test]
async fn names_of_any_length_fit_into_the_policies_of_a_restore_and_of_its_put_backs() {
    for length in [60, 150, 230] {
        let world = World::new().await;
        let name = format!("orders-{}", "o".repeat(length - 7));
        world.aws.add_table(&world.scope, scaled(&name, &world));
        world.sync().await;
        let request = RestoreRequest {
            resource: build::table_arn(&world.scope, &name),
            target_table: Some(format!("{name}-restored-2026113")),
            put_back: PutBack::ALL.into_iter().collect(),
            ..hour_ago(&world)
        };
        let operator = caller(Role::Operator);
        let plan = restore::plan(&world.services, &operator, request.clone())
            .await
            .unwrap();
        assert!(plan.can_start(), "{:?}", plan.checks);
        assert!(plan.session_policy.len() <= 2_048);
        let run = restore::start(&world.services, &operator, request, &plan.digest)
            .await
            .unwrap();
        for setting in ["tag_table", "put_stream", "put_scaling"] {
            let denied = CloudErrorKind::Denied;
            world.cloud.fail_always(setting, denied, When::Before);
        }
        let view = world.finish(run).await;
        assert_eq!(view.state, RunState::SucceededWithWarnings, "{view:?}");
        world.cloud.heal();
        let again = runs::retry(&world.services, &operator, run).await.unwrap();
        let view = world.finish(again).await;
        assert_eq!(view.state, RunState::Succeeded, "{view:?}");
        assert!(all_fit(&world) >= 2, "one of the restore, one of the retry");
    }
}

#[tokio::test]
async fn names_of_any_length_fit_into_the_policies_of_backups() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    // As many as are named one by one, each as long as a name may be, and each under a role of its own.
    let names: Vec<String> = (0..8).map(|n| format!("{n}-{}", "t".repeat(253))).collect();
    for name in &names {
        let table = FakeTable::new(name).items(1).tag("owner", "olga");
        world.aws.add_table(&world.scope, table);
    }
    world.sync().await;
    let role = format!(
        "arn:aws:iam::{}:role/{}",
        world.scope.account,
        "r".repeat(64)
    );
    let request = BackupRequest {
        resource: build::table_arn(&world.scope, &names[0]),
        vault: "Default".to_owned(),
        delete_after_days: None,
        cold_after_days: None,
        service_role: Some(role),
        reason: String::new(),
    };
    let run = backup::start(&world.services, &operator, request)
        .await
        .unwrap();
    assert_eq!(world.finish(run).await.state, RunState::Succeeded);

    let key = with_gold(&world).await;
    let shown = plans::rule_run(&world.services, &operator, &key, "daily")
        .await
        .unwrap();
    assert_eq!(shown.resources.len(), 9);
    assert!(shown.session_policy.len() <= 2_048);
    let run = plans::run_now(&world.services, &operator, &key, "daily", &shown.digest, "")
        .await
        .unwrap();
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert!(all_fit(&world) >= 2, "one of the backup, one of the rule");
}

#[tokio::test]
async fn tables_that_are_named_one_by_one_become_a_pattern_and_that_is_said() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    for number in 0..7 {
        let name = format!("{number}-{}", "t".repeat(253));
        let table = FakeTable::new(&name).items(1).tag("owner", "olga");
        world.aws.add_table(&world.scope, table);
    }
    world.sync().await;
    let key = with_gold(&world).await;
    let shown = plans::rule_run(&world.services, &operator, &key, "daily")
        .await
        .unwrap();
    assert_eq!(shown.resources.len(), 8, "so many are named one by one");
    assert!(shown.session_policy.len() <= 2_048);
    let said = of_findings(&shown.findings);
    assert!(
        said.iter().any(|text| text.contains("patterns")),
        "{said:?}"
    );
    assert!(shown.can_start(), "{said:?}");
}

#[tokio::test]
async fn a_policy_of_a_plan_with_many_roles_fits_and_says_what_it_widens() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let mut new = draft(&world, gold(35));
    let one = new.selections[0].clone();
    new.selections = (0..25)
        .map(|number| {
            let mut other = one.clone();
            other.selection.selection_name = format!("selection-{number}");
            other.selection.iam_role_arn = format!(
                "arn:aws:iam::{}:role/{number}-{}",
                world.scope.account,
                "r".repeat(60)
            );
            other
        })
        .collect();
    let shown = plans::change(&world.services, &operator, new.clone())
        .await
        .unwrap();
    let said = of_findings(&shown.findings);
    assert!(
        said.iter().any(|text| text.contains("patterns")),
        "{said:?}"
    );
    assert!(shown.can_apply(), "{said:?}");
    let run = plans::apply(&world.services, &operator, new, &shown.digest)
        .await
        .unwrap();
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert!(all_fit(&world) >= 2, "one that creates, one that selects");
}
