//! Vaults are created, their policies changed, and empty ones deleted.

use std::collections::BTreeMap;

use tidemark_domain::{
    Role,
    runs::RunState,
    vaults::{NewVault, PolicyEdit, VaultChange},
};
use tidemark_services::{ServiceError, vaults};
use tidemark_testkit::build;

use super::{FOREIGN, KEPT, begin, carried_out, confirmed, point, request};
use crate::world::{World, caller};

const AWAY: &str = "222233334444";

fn allow() -> VaultChange {
    VaultChange::Policy(PolicyEdit::AllowCopies {
        accounts: [build::account_id(AWAY)].into(),
    })
}

fn with_policy(world: &World) {
    let vault = world.aws.vault_of(&world.scope, KEPT).unwrap();
    world.aws.add_vault(tidemark_domain::Vault {
        access_policy: Some(FOREIGN.to_owned()),
        ..vault
    });
}

fn policy_of(world: &World, vault: &str) -> Option<String> {
    world
        .aws
        .vault_of(&world.scope, vault)
        .unwrap()
        .access_policy
}

#[tokio::test]
async fn a_vault_is_created_with_its_key_and_policy_and_deleted_while_it_is_empty() {
    let world = World::new().await;
    let new = NewVault {
        key: Some(build::arn("arn:aws:kms:eu-west-1:111122223333:key/k")),
        tags: BTreeMap::from([("team".to_owned(), "b".to_owned())]),
        policy: Some(FOREIGN.to_owned()),
    };
    let view = carried_out(&world, "made-here", VaultChange::Create(new.clone())).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    let made = world.aws.vault_of(&world.scope, "made-here").unwrap();
    assert_eq!(made.encryption_key, new.key);
    assert_eq!(policy_of(&world, "made-here").as_deref(), Some(FOREIGN));
    world.sync().await;
    // The name is taken now.
    let admin = caller(Role::Admin);
    let create = request(&world, "made-here", VaultChange::Create(new));
    let plan = vaults::plan(&world.services, &admin, create.clone())
        .await
        .unwrap();
    assert!(!plan.can_start(), "{:?}", plan.checks);
    let refused = vaults::start(&world.services, &admin, create, &confirmed(&plan)).await;
    assert!(
        matches!(refused, Err(ServiceError::Checks(_))),
        "{refused:?}"
    );

    // Deletion wants the name.
    let delete = request(&world, "made-here", VaultChange::Delete);
    let plan = vaults::plan(&world.services, &admin, delete.clone())
        .await
        .unwrap();
    let mut unnamed = confirmed(&plan);
    unnamed.confirmation = Some("made".to_owned());
    let refused = vaults::start(&world.services, &admin, delete, &unnamed).await;
    assert!(
        matches!(&refused, Err(ServiceError::Invalid(wrong)) if wrong.field == "confirmation"),
        "{refused:?}"
    );
    let view = carried_out(&world, "made-here", VaultChange::Delete).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(world.aws.vault_of(&world.scope, "made-here"), None);
}

#[tokio::test]
async fn a_vault_that_somebody_else_created_meanwhile_is_neither_taken_nor_deleted() {
    let world = World::new().await;
    let new = NewVault {
        policy: Some(FOREIGN.to_owned()),
        ..NewVault::default()
    };
    let run = begin(&world, request(&world, "raced", VaultChange::Create(new))).await;
    world.aws.add_vault(build::vault(&world.scope, "raced"));
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Failed, "{view:?}");
    assert!(world.aws.vault_of(&world.scope, "raced").is_some());
    assert_eq!(policy_of(&world, "raced"), None);
}

#[tokio::test]
async fn a_vault_that_holds_points_is_not_deleted() {
    let world = World::new().await;
    let point = point(&world, "1").build();
    world.aws.add_point(point, BTreeMap::new(), 1);
    let admin = caller(Role::Admin);
    let delete = request(&world, KEPT, VaultChange::Delete);
    let plan = vaults::plan(&world.services, &admin, delete).await.unwrap();
    assert!(!plan.can_start(), "{:?}", plan.checks);
}

#[tokio::test]
async fn other_accounts_may_copy_into_a_vault_and_what_others_wrote_keeps_every_byte() {
    let world = World::new().await;
    with_policy(&world);
    let view = carried_out(&world, KEPT, allow()).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    let opened = policy_of(&world, KEPT).unwrap();
    let foreign = FOREIGN
        .split('[')
        .nth(1)
        .unwrap()
        .split(']')
        .next()
        .unwrap();
    assert!(opened.contains(foreign.trim_end()), "{opened}");
    assert!(opened.contains("backup:CopyIntoBackupVault"), "{opened}");
    // Once more, nothing is left to do.
    let admin = caller(Role::Admin);
    let again = request(&world, KEPT, allow());
    let plan = vaults::plan(&world.services, &admin, again.clone())
        .await
        .unwrap();
    let refused = vaults::start(&world.services, &admin, again, &confirmed(&plan)).await;
    assert!(
        matches!(refused, Err(ServiceError::Conflict(_))),
        "{refused:?}"
    );
    let stop = VaultChange::Policy(PolicyEdit::StopCopies {
        accounts: [build::account_id(AWAY)].into(),
    });
    carried_out(&world, KEPT, stop).await;
    assert_eq!(policy_of(&world, KEPT).as_deref(), Some(FOREIGN));
}

#[tokio::test]
async fn a_policy_that_was_changed_meanwhile_is_not_written_over() {
    let world = World::new().await;
    with_policy(&world);
    let admin = caller(Role::Admin);
    let allow = request(&world, KEPT, allow());
    let plan = vaults::plan(&world.services, &admin, allow.clone())
        .await
        .unwrap();
    let other = FOREIGN.replace("Other", "Another");
    let set = |policy: &str| {
        let vault = world.aws.vault_of(&world.scope, KEPT).unwrap();
        world.aws.add_vault(tidemark_domain::Vault {
            access_policy: Some(policy.to_owned()),
            ..vault
        });
    };
    set(&other);
    let refused = vaults::start(&world.services, &admin, allow.clone(), &confirmed(&plan)).await;
    assert!(
        matches!(refused, Err(ServiceError::Conflict(_))),
        "{refused:?}"
    );
    // Between the start and the step as well.
    let run = begin(&world, allow).await;
    set(FOREIGN);
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Failed, "{view:?}");
    assert_eq!(policy_of(&world, KEPT).as_deref(), Some(FOREIGN));
}
