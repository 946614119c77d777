use jiff::SignedDuration;
use tidemark_domain::{
    Feature, Features, PendingExternalId, Scope,
    permissions::{ActionPermission, Allowance, DeniedBy, PermissionReport},
};
use tidemark_services::{error::StoreError, ports::PermissionTurn};
use tidemark_store::Store;

use crate::{
    builders::{A, B, account, account_id, minute, scope, scope_error},
    harness::on_both,
};

on_both!(
    a_report_follows_the_one_before_and_its_changes_stay,
    an_older_report_does_not_take_the_place_of_a_newer_one,
    a_scope_is_asked_about_by_one_process_in_its_turn,
    what_is_broken_has_its_turn_sooner,
    reports_of_unregistered_accounts_are_not_kept,
    a_pending_external_id_takes_the_place_of_the_present_one_once,
    many_accounts_are_added_at_once_and_what_is_there_stays,
    what_a_role_is_made_for_comes_back,
);

fn report(of: &str, minutes: i64, state: Allowance) -> PermissionReport {
    PermissionReport {
        scope: scope(of),
        made_at: minute(minutes),
        features: Features::all(),
        broken: None,
        not_asked: None,
        opted_out: Vec::new(),
        actions: vec![ActionPermission {
            action: "backup:StartBackupJob".to_owned(),
            on: "the vault".to_owned(),
            resource: "*".to_owned(),
            features: vec![Feature::Backup],
            when: None,
            state,
            by: (state == Allowance::Denied).then_some(DeniedBy::NoPolicy),
            was_allowed: false,
            lost_at: None,
        }],
    }
}

fn turn(minutes: i64) -> PermissionTurn {
    PermissionTurn {
        reader: "one".to_owned(),
        at: minute(minutes),
        until: minute(minutes) + SignedDuration::from_mins(2),
        tried_before: minute(minutes) - SignedDuration::from_mins(60),
        broken_before: minute(minutes) - SignedDuration::from_mins(5),
    }
}

async fn registered(store: &Store) {
    let mut one = account(A, "one");
    one.regions.truncate(1);
    store.accounts().add(&one).await.unwrap();
}

async fn a_report_follows_the_one_before_and_its_changes_stay(store: Store) {
    registered(&store).await;
    let permissions = store.permissions();
    assert_eq!(permissions.rows().await.unwrap(), []);
    for (minutes, state) in [
        (1, Allowance::Allowed),
        (2, Allowance::Denied),
        (3, Allowance::Denied),
    ] {
        let kept = permissions.keep(report(A, minutes, state)).await.unwrap();
        assert!(kept.is_some());
    }
    let known = permissions.report(&scope(A)).await.unwrap().unwrap();
    assert_eq!(known.made_at, minute(3));
    assert_eq!(known.actions[0].lost_at, Some(minute(2)));
    let rows = permissions.rows().await.unwrap();
    assert_eq!(
        rows[0].lost.as_ref().map(|lost| lost.since),
        Some(minute(2))
    );
    let changes = permissions.changes(&account_id(A), 10).await.unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].at, minute(2));
    permissions
        .keep(report(A, 4, Allowance::Allowed))
        .await
        .unwrap();
    let changes = permissions.changes(&account_id(A), 1).await.unwrap();
    assert_eq!(changes[0].now, Allowance::Allowed, "the newest first");
    permissions.forget(&account_id(A)).await.unwrap();
    assert_eq!(permissions.report(&scope(A)).await.unwrap(), None);
    let changes = permissions.changes(&account_id(A), 10).await.unwrap();
    assert_eq!(changes.len(), 2, "what happened stays on record");
}

async fn an_older_report_does_not_take_the_place_of_a_newer_one(store: Store) {
    registered(&store).await;
    let permissions = store.permissions();
    permissions
        .keep(report(A, 5, Allowance::Allowed))
        .await
        .unwrap();
    let late = permissions
        .keep(report(A, 4, Allowance::Denied))
        .await
        .unwrap();
    assert_eq!(late, None);
    let known = permissions.report(&scope(A)).await.unwrap().unwrap();
    assert_eq!(known.made_at, minute(5));
}

async fn a_scope_is_asked_about_by_one_process_in_its_turn(store: Store) {
    registered(&store).await;
    let permissions = store.permissions();
    let due = async |minutes| permissions.due(&turn(minutes)).await.unwrap();
    assert_eq!(due(100).await, [scope(A)]);
    assert!(permissions.claim(&scope(A), &turn(100)).await.unwrap());
    assert!(!permissions.claim(&scope(A), &turn(101)).await.unwrap());
    assert_eq!(due(101).await, []);
    permissions
        .keep(report(A, 101, Allowance::Allowed))
        .await
        .unwrap();
    assert_eq!(due(102).await, [], "its turn comes in an hour");
    let stranger = Scope {
        account: account_id(B),
        ..scope(A)
    };
    permissions
        .want(&[scope(A), stranger], minute(103))
        .await
        .unwrap();
    assert_eq!(due(103).await, [scope(A)]);
    assert!(permissions.claim(&scope(A), &turn(103)).await.unwrap());
    // Whoever took it was never heard of again.
    assert_eq!(due(104).await, []);
    assert_eq!(due(163).await, [scope(A)]);
}

async fn what_is_broken_has_its_turn_sooner(store: Store) {
    registered(&store).await;
    let permissions = store.permissions();
    let mut broken = report(A, 100, Allowance::Unknown);
    broken.broken = Some(scope_error("no"));
    permissions.keep(broken).await.unwrap();
    assert_eq!(permissions.due(&turn(104)).await.unwrap(), []);
    assert_eq!(permissions.due(&turn(105)).await.unwrap(), [scope(A)]);
}

async fn reports_of_unregistered_accounts_are_not_kept(store: Store) {
    let kept = store
        .permissions()
        .keep(report(B, 1, Allowance::Allowed))
        .await
        .unwrap();
    assert_eq!(kept, None);
    assert_eq!(store.permissions().rows().await.unwrap(), []);
}

async fn a_pending_external_id_takes_the_place_of_the_present_one_once(store: Store) {
    registered(&store).await;
    let accounts = store.accounts();
    let id = account_id(A);
    let pending = PendingExternalId {
        external_id: "another-id".parse().unwrap(),
        since: minute(7),
    };
    accounts
        .set_pending(&id, None, Some(&pending))
        .await
        .unwrap();
    let twice = accounts.set_pending(&id, None, Some(&pending)).await;
    assert!(matches!(twice, Err(StoreError::Conflict(_))), "{twice:?}");
    let known = accounts.get(&id).await.unwrap().unwrap();
    assert_eq!(known.pending.as_ref(), Some(&pending));
    let connection = known.with_pending().unwrap();
    assert!(accounts.promote(&connection).await.unwrap());
    assert!(!accounts.promote(&connection).await.unwrap());
    let known = accounts.get(&id).await.unwrap().unwrap();
    assert_eq!((known.connection, known.pending), (connection, None));
    accounts
        .set_pending(&id, None, Some(&pending))
        .await
        .unwrap();
    accounts
        .set_pending(&id, Some(&pending), None)
        .await
        .unwrap();
    assert_eq!(accounts.get(&id).await.unwrap().unwrap().pending, None);
    let unknown = accounts.set_pending(&account_id(B), None, None).await;
    assert!(matches!(unknown, Err(StoreError::NotFound(_))));
}

async fn many_accounts_are_added_at_once_and_what_is_there_stays(store: Store) {
    store.accounts().add(&account(A, "first")).await.unwrap();
    let added = store
        .accounts()
        .add_all(&[account(B, "second"), account(A, "again")])
        .await
        .unwrap();
    assert_eq!(added, [true, false]);
    let aliases: Vec<String> = store
        .accounts()
        .list()
        .await
        .unwrap()
        .into_iter()
        .map(|account| account.alias)
        .collect();
    assert_eq!(aliases, ["first", "second"]);
}

async fn what_a_role_is_made_for_comes_back(store: Store) {
    let mut one = account(A, "one");
    one.features = Features::chosen([Feature::Plans, Feature::Backup]);
    store.accounts().add(&one).await.unwrap();
    assert_eq!(
        store.accounts().get(&account_id(A)).await.unwrap(),
        Some(one.clone())
    );
    one.features = Features::chosen([]);
    store.accounts().update(&one).await.unwrap();
    assert_eq!(
        store.accounts().get(&account_id(A)).await.unwrap(),
        Some(one)
    );
}
