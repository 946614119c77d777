use jiff::SignedDuration;
use tidemark_domain::{PutBack, RestoreRequest, RestoreSource, Role, Verdict};
use tidemark_services::{ServiceError, ports::CloudErrorKind, restore};
use tidemark_testkit::{FakeTable, When, build};

use crate::world::{World, caller, hour_ago};

async fn field_of(world: &World, request: RestoreRequest) -> String {
    match restore::plan(&world.services, &caller(Role::Operator), request).await {
        Err(ServiceError::Invalid(invalid)) => invalid.field,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_plan_says_what_is_created_and_what_is_kept() {
    let world = World::new().await;
    let plan = restore::plan(&world.services, &caller(Role::Operator), hour_ago(&world))
        .await
        .unwrap();
    assert!(plan.can_start(), "{:?}", plan.checks);
    assert!(
        plan.summary.contains("orders-back")
            && plan.summary.contains("orders itself is not touched")
    );
    assert_eq!(plan.creates.len(), 1);
    assert_eq!(plan.digest.len(), 64);
}

#[tokio::test]
async fn seconds_outside_the_window_are_refused_by_name_of_the_field() {
    let world = World::new().await;
    for hours in [-3, 1] {
        let at = world.clock.now() + SignedDuration::from_hours(hours);
        let request = RestoreRequest {
            source: RestoreSource::PointInTime { at },
            ..hour_ago(&world)
        };
        assert_eq!(field_of(&world, request).await, "time");
    }
}

#[tokio::test]
async fn malformed_and_missing_names_are_refused() {
    let world = World::new().await;
    for name in [
        None,
        Some(""),
        Some("a"),
        Some("spaces are bad"),
        Some("ü-table"),
    ] {
        let request = RestoreRequest {
            target_table: name.map(str::to_owned),
            ..hour_ago(&world)
        };
        assert_eq!(field_of(&world, request).await, "table name");
    }
}

#[tokio::test]
async fn a_taken_name_fails_the_check_and_the_start() {
    let world = World::new().await;
    world
        .aws
        .add_table(&world.scope, FakeTable::new("orders-back"));
    let operator = caller(Role::Operator);
    let plan = restore::plan(&world.services, &operator, hour_ago(&world))
        .await
        .unwrap();
    let check = plan
        .checks
        .iter()
        .find(|c| c.verdict == Verdict::Fail)
        .unwrap();
    assert_eq!(check.name, "The name is free");
    assert!(check.fix.contains("another name"));
    let error = restore::start(&world.services, &operator, hour_ago(&world), &plan.digest)
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::Checks(_)), "{error}");
    assert_eq!(world.cloud.count("restore_table"), 0);
}

#[tokio::test]
async fn a_check_that_cannot_be_made_is_unknown_and_not_a_pass() {
    let world = World::new().await;
    world
        .cloud
        .fail_always("simulate", CloudErrorKind::Denied, When::Before);
    let plan = restore::plan(&world.services, &caller(Role::Operator), hour_ago(&world))
        .await
        .unwrap();
    let check = plan
        .checks
        .iter()
        .find(|c| c.name == "The role may do it")
        .unwrap();
    assert_eq!(check.verdict, Verdict::Unknown);
    assert!(plan.can_start());
}

#[tokio::test]
async fn a_denied_action_fails_the_check_and_names_the_action() {
    let world = World::new().await;
    world.aws.deny(
        &world.scope.account,
        &["dynamodb:RestoreTableToPointInTime"],
    );
    let plan = restore::plan(&world.services, &caller(Role::Operator), hour_ago(&world))
        .await
        .unwrap();
    let check = plan
        .checks
        .iter()
        .find(|c| c.verdict == Verdict::Fail)
        .unwrap();
    assert!(
        check.fix.contains("dynamodb:RestoreTableToPointInTime"),
        "{check:?}"
    );
}

#[tokio::test]
async fn a_start_with_another_digest_is_refused_and_nothing_runs() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let plan = restore::plan(&world.services, &operator, hour_ago(&world))
        .await
        .unwrap();
    let other = RestoreRequest {
        target_table: Some("orders-elsewhere".to_owned()),
        ..hour_ago(&world)
    };
    let error = restore::start(&world.services, &operator, other, &plan.digest)
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::Conflict(_)), "{error}");
    world.services.runs.run_until_idle().await.unwrap();
    assert_eq!(world.aws.table_names(&world.scope), ["orders"]);
}

#[tokio::test]
async fn the_session_policy_names_source_and_new_table_and_nothing_else() {
    let world = World::new().await;
    let request = RestoreRequest {
        put_back: PutBack::ALL.into_iter().collect(),
        ..hour_ago(&world)
    };
    let plan = restore::plan(&world.services, &caller(Role::Operator), request)
        .await
        .unwrap();
    let policy: serde_json::Value = serde_json::from_str(&plan.session_policy).unwrap();
    let text = plan.session_policy.clone();
    assert!(
        text.len() <= 2048,
        "AWS takes 2,048 characters; this has {}",
        text.len()
    );
    let resources: Vec<&serde_json::Value> = policy["Statement"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|s| {
            // Nobody knows beforehand which key encrypts a table: it is used by way of DynamoDB only.
            let by_way_of = &s["Condition"]["StringLike"]["kms:ViaService"];
            let is_key = *by_way_of == serde_json::json!(["dynamodb.*"]);
            let actions = s["Action"].to_string();
            assert_eq!(is_key, actions.contains("kms:"), "{s}");
            !is_key
        })
        .flat_map(|s| match &s["Resource"] {
            serde_json::Value::Array(all) => all.iter().collect(),
            one => vec![one],
        })
        .collect();
    let new = build::table_arn(&world.scope, "orders-back").to_string();
    for resource in resources {
        let resource = resource.as_str().unwrap();
        assert!(
            resource == world.orders().as_str() || resource.starts_with(&new),
            "{resource} is none of the run's business"
        );
    }
}

#[tokio::test]
async fn only_settings_that_the_source_has_are_put_back() {
    let world = World::new().await;
    let request = RestoreRequest {
        put_back: PutBack::ALL.into_iter().collect(),
        ..hour_ago(&world)
    };
    let plan = restore::plan(&world.services, &caller(Role::Operator), request)
        .await
        .unwrap();
    let expected = [
        PutBack::Stream,
        PutBack::TimeToLive,
        PutBack::Tags,
        PutBack::PointInTimeRecovery,
    ];
    assert_eq!(plan.request.put_back, expected.into_iter().collect());
    assert_eq!(plan.settings.ttl_attribute.as_deref(), Some("expires"));
}

#[tokio::test]
async fn an_unknown_resource_or_point_does_not_exist() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let request = RestoreRequest {
        resource: build::table_arn(&world.scope, "no-such-table"),
        ..hour_ago(&world)
    };
    assert!(matches!(
        restore::plan(&world.services, &operator, request).await,
        Err(ServiceError::NotFound(_))
    ));
    let request = RestoreRequest {
        source: RestoreSource::RecoveryPoint {
            arn: build::arn("arn:aws:backup:eu-west-1:111122223333:recovery-point:none"),
            vault: "Default".to_owned(),
        },
        ..hour_ago(&world)
    };
    assert!(matches!(
        restore::plan(&world.services, &operator, request).await,
        Err(ServiceError::NotFound(_))
    ));
}

#[tokio::test]
async fn one_look_at_the_source_serves_the_window_and_its_check() {
    let world = World::new().await;
    let before = world.cloud.count("table");
    restore::plan(&world.services, &caller(Role::Operator), hour_ago(&world))
        .await
        .unwrap();
    // The source once, the new name once.
    assert_eq!(world.cloud.count("table") - before, 2);
}
