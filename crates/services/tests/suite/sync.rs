use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use tidemark_domain::{
    Protection, ResourceFilter, Role, ScopeCause, ScopeHealth, records::CaptureStatus,
};
use tidemark_services::{
    ports::{AccountStore, Captures as _, CloudErrorKind},
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

/// The names of what is listed, with whether it is gone.
async fn listed(world: &World) -> Vec<(String, bool)> {
    let (viewer, all) = (caller(Role::Viewer), ResourceFilter::default());
    let rows = resources::list(&world.services, &viewer, all).await;
    let rows = rows.unwrap().items.into_iter();
    rows.map(|row| (row.name, row.deleted)).collect()
}

fn names<const N: usize>(names: [(&str, bool); N]) -> Vec<(String, bool)> {
    names.map(|(name, gone)| (name.to_owned(), gone)).to_vec()
}

/// Deletes a table and reads the account until the table is gone there.
async fn delete_table(world: &World, name: &str) {
    let target = build::target(&world.scope);
    let cloud = &world.services.cloud;
    cloud.delete_table(&target, name).await.unwrap();
    while cloud.table(&target, name).await.unwrap().is_some() {}
    world.sync().await;
}

#[tokio::test]
async fn a_new_table_appears_and_a_deleted_one_without_points_goes() {
    let world = World::new().await;
    world
        .aws
        .add_table(&world.scope, FakeTable::new("customers"));
    world.sync().await;
    let both = names([("customers", false), ("orders", false)]);
    assert_eq!(listed(&world).await, both);
    delete_table(&world, "customers").await;
    assert_eq!(listed(&world).await, names([("orders", false)]));
}

#[tokio::test]
async fn a_deleted_table_is_found_as_long_as_it_has_a_record_level_backup() {
    let world = World::new().await;
    let table = FakeTable::new("customers").tag("owner", "olga");
    world.aws.add_table(&world.scope, table);
    let capture = build::capture(&world.scope, "customers");
    world.captures.create(&capture).await.unwrap();
    world.sync().await;
    let both = names([("customers", false), ("orders", false)]);
    assert_eq!(listed(&world).await, both);

    delete_table(&world, "customers").await;
    let gone = names([("customers", true), ("orders", false)]);
    assert_eq!(listed(&world).await, gone);
    let owner = caller(Role::Owner);
    let mine = resources::get(&world.services, &owner, &capture.table).await;
    let mine = mine.unwrap();
    assert_eq!(mine.resource.tags["owner"], "olga");
    assert_eq!(mine.protection, Protection::Unprotected);
    let now = world.clock.now();
    let status = CaptureStatus {
        complete_from: Some(now - SignedDuration::from_hours(1)),
        read_until: Some(now),
        ..CaptureStatus::default()
    };
    let captures = &world.captures;
    captures.put_status(&capture.id, &status).await.unwrap();
    let mine = resources::get(&world.services, &owner, &capture.table).await;
    let mine = mine.unwrap();
    assert_eq!(mine.records, status.windows());
    assert_eq!(mine.protection, Protection::Protected);
    assert!(mine.is_restorable());
    world.sync().await;
    assert_eq!(listed(&world).await, gone);

    // What could not be read is not known to be gone.
    let again = FakeTable::new("customers");
    world.aws.add_table(&world.scope, again);
    world.sync().await;
    world
        .aws
        .deny(&world.scope.account, &["dynamodb:ListTables"]);
    world.sync().await;
    assert_eq!(listed(&world).await, both);
    world.aws.allow_all(&world.scope.account);

    delete_table(&world, "customers").await;
    world.captures.remove(&capture.id).await.unwrap();
    world.sync().await;
    assert_eq!(listed(&world).await, names([("orders", false)]));
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

/// Two processes over one catalogue.
fn two_workers(world: &World, config: SyncConfig) -> tokio::sync::watch::Sender<bool> {
    let (stop, stopped) = tokio::sync::watch::channel(false);
    for _ in 0..2 {
        let worker = SyncWorker::new(Arc::clone(&world.services), config);
        let stopped = stopped.clone();
        tokio::spawn(async move { worker.run(stopped).await });
    }
    stop
}

#[tokio::test(start_paused = true)]
async fn two_workers_read_each_scope_as_often_as_one_does() {
    let world = World::new().await;
    for id in ["222233334444", "333344445555", "444455556666"] {
        world.add_account(id).await;
    }
    // What the set-up read is due again.
    world.clock.advance(SignedDuration::from_mins(10));
    // So that both see what is due before either has read it.
    world.cloud.delay("read_scope", Duration::from_secs(1));
    let before = world.cloud.count("read_scope");
    let stop = two_workers(&world, SyncConfig::default());
    let read = async |times: usize| {
        for _ in 0..600 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            if world.cloud.count("read_scope") - before >= times {
                break;
            }
        }
        // Time for what would be too much.
        tokio::time::sleep(Duration::from_secs(20)).await;
        assert_eq!(world.cloud.count("read_scope") - before, times);
    };
    read(4).await;
    world.clock.advance(SignedDuration::from_mins(5));
    read(8).await;
    stop.send(true).unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_for_is_read_by_whichever_process_has_a_worker() {
    let world = World::new().await;
    let stop = two_workers(&world, SyncConfig::default());
    tokio::time::sleep(Duration::from_secs(10)).await;
    let before = world.cloud.count("read_scope");
    // In this process nobody wakes a worker: the catalogue is all they share.
    let scopes = std::slice::from_ref(&world.scope);
    let catalogue = &world.services.catalogue;
    catalogue
        .want_sync(scopes, world.clock.now())
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(world.cloud.count("read_scope") - before, 1);
    stop.send(true).unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_a_run_changed_while_a_scope_was_read_is_read_again() {
    let world = World::new().await;
    world.clock.advance(SignedDuration::from_mins(10));
    world.cloud.delay("read_scope", Duration::from_secs(5));
    let before = world.cloud.count("read_scope");
    let (one, two) = (
        SyncWorker::new(Arc::clone(&world.services), SyncConfig::default()),
        SyncWorker::new(Arc::clone(&world.services), SyncConfig::default()),
    );
    let wanted = Some(vec![world.scope.clone()]);
    // The other process reads already: it is left to it, and asked for once more.
    tokio::join!(one.round(None), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        two.round(wanted).await;
    });
    assert_eq!(world.cloud.count("read_scope") - before, 1);
    let stop = two_workers(&world, SyncConfig::default());
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(world.cloud.count("read_scope") - before, 2);
    stop.send(true).unwrap();
}
