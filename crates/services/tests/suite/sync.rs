use std::{sync::Arc, time::Duration};

use tidemark_domain::{ResourceFilter, Role, ScopeCause, ScopeHealth};
use tidemark_services::{
    ports::{AccountStore, CloudErrorKind},
    resources,
    sync::{SyncConfig, SyncWorker},
};
use tidemark_testkit::{Access, FakeTable, When, build};

use crate::world::{World, caller};

async fn state(world: &World) -> tidemark_domain::ScopeState {
    world
        .services
        .catalogue
        .scopes(Some(&world.scope.account))
        .await
        .unwrap()
        .remove(0)
}

#[tokio::test]
async fn a_refusal_is_a_state_with_cause_and_fix_and_the_last_good_data_stays() {
    for (access, cause, health) in [
        (
            Access::NoSuchRole,
            ScopeCause::NoSuchRole,
            ScopeHealth::Denied,
        ),
        (Access::NoTrust, ScopeCause::Trust, ScopeHealth::Denied),
        (
            Access::Unreachable,
            ScopeCause::Endpoint,
            ScopeHealth::Unreachable,
        ),
        (Access::Slow, ScopeCause::Slow, ScopeHealth::Stale),
        (Access::Throttled, ScopeCause::Throttled, ScopeHealth::Stale),
    ] {
        let world = World::new().await;
        world.aws.set_access(&world.scope.account, access);
        world.sync().await;
        let state = state(&world).await;
        let error = state.error.clone().unwrap();
        assert_eq!(error.cause, cause);
        assert!(!error.message.is_empty() && !error.fix.is_empty());
        assert_eq!(state.health(world.clock.now()), health);
        let rows = resources::list(
            &world.services,
            &caller(Role::Viewer),
            ResourceFilter::default(),
        )
        .await
        .unwrap();
        assert_eq!(rows.items.len(), 1, "{cause:?}: the list is not empty");
    }
}

#[tokio::test]
async fn a_lost_permission_on_one_service_keeps_its_rows_and_updates_the_others() {
    let world = World::new().await;
    world
        .aws
        .deny(&world.scope.account, &["dynamodb:ListTables"]);
    world.sync().await;
    let state = state(&world).await;
    assert_eq!(state.error.unwrap().cause, ScopeCause::Permission);
    let rows = resources::list(
        &world.services,
        &caller(Role::Viewer),
        ResourceFilter::default(),
    )
    .await
    .unwrap();
    assert!(rows.items.iter().any(|r| r.name == "orders"));
}

#[tokio::test]
async fn a_new_table_appears_and_a_deleted_one_without_points_goes() {
    let world = World::new().await;
    world
        .aws
        .add_table(&world.scope, FakeTable::new("customers"));
    world.sync().await;
    let names = |rows: tidemark_domain::Page<tidemark_domain::ResourceRow>| {
        rows.items.into_iter().map(|r| r.name).collect::<Vec<_>>()
    };
    let rows = resources::list(
        &world.services,
        &caller(Role::Viewer),
        ResourceFilter::default(),
    )
    .await
    .unwrap();
    assert_eq!(names(rows), ["customers", "orders"]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_account_holds_only_its_own_place() {
    let world = World::new().await;
    let other = build::account("222233334444");
    world.accounts.add(&other).await.unwrap();
    // The second account is not in the fake AWS: it is denied at once, while every reading of the
    // first takes longer than the deadline.
    world.cloud.delay("read_scope", Duration::from_hours(1));
    let config = SyncConfig {
        deadline: Duration::from_secs(5),
        ..SyncConfig::default()
    };
    SyncWorker::new(Arc::clone(&world.services), config)
        .round(None)
        .await;
    let error = state(&world).await.error.unwrap();
    assert_eq!(error.cause, ScopeCause::Slow);
    assert!(error.message.contains("5 s"), "{}", error.message);
}

#[tokio::test]
async fn a_healed_account_is_fresh_again_without_a_trace_of_the_error() {
    let world = World::new().await;
    world
        .cloud
        .fail_nth("read_scope", 1, CloudErrorKind::Unavailable, When::Before);
    world.sync().await;
    assert!(state(&world).await.error.is_some());
    world.sync().await;
    let state = state(&world).await;
    assert_eq!(
        (state.error.clone(), state.health(world.clock.now())),
        (None, ScopeHealth::Fresh)
    );
}
