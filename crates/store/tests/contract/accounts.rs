use tidemark_services::{error::StoreError, ports::ScopeSnapshot};
use tidemark_store::Store;

use crate::{
    builders::{A, B, account, account_id, minute, region, scope, table},
    harness::on_both,
};

on_both!(
    an_account_comes_back_as_it_was_added,
    adding_an_account_twice_is_a_conflict,
    accounts_are_listed_by_alias_ignoring_case,
    an_account_can_be_changed_and_removed,
    changing_or_removing_an_unknown_account_is_not_found,
    the_catalogue_forgets_a_region_that_is_no_longer_synced,
);

async fn an_account_comes_back_as_it_was_added(store: Store) {
    let added = account(A, "Prod ü 'quoted'");
    store.accounts().add(&added).await.unwrap();
    let found = store.accounts().get(&account_id(A)).await.unwrap();
    assert_eq!(found, Some(added));
    assert_eq!(store.accounts().get(&account_id(B)).await.unwrap(), None);
}

async fn adding_an_account_twice_is_a_conflict(store: Store) {
    store.accounts().add(&account(A, "one")).await.unwrap();
    let again = store.accounts().add(&account(A, "two")).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
    assert_eq!(store.accounts().list().await.unwrap(), [account(A, "one")]);
}

async fn accounts_are_listed_by_alias_ignoring_case(store: Store) {
    for (id, alias) in [(A, "beta"), (B, "Alpha"), ("333333333333", "Gamma")] {
        store.accounts().add(&account(id, alias)).await.unwrap();
    }
    let aliases: Vec<String> = store
        .accounts()
        .list()
        .await
        .unwrap()
        .into_iter()
        .map(|account| account.alias)
        .collect();
    assert_eq!(aliases, ["Alpha", "beta", "Gamma"]);
}

async fn an_account_can_be_changed_and_removed(store: Store) {
    store.accounts().add(&account(A, "one")).await.unwrap();
    let mut changed = account(A, "renamed");
    changed.regions = vec![region("ap-southeast-7")];
    store.accounts().update(&changed).await.unwrap();
    assert_eq!(
        store.accounts().get(&account_id(A)).await.unwrap(),
        Some(changed)
    );
    store.accounts().remove(&account_id(A)).await.unwrap();
    assert!(store.accounts().list().await.unwrap().is_empty());
}

async fn changing_or_removing_an_unknown_account_is_not_found(store: Store) {
    let changed = store.accounts().update(&account(A, "one")).await;
    assert!(matches!(changed, Err(StoreError::NotFound(_))));
    let removed = store.accounts().remove(&account_id(A)).await;
    assert!(matches!(removed, Err(StoreError::NotFound(_))));
}

async fn the_catalogue_forgets_a_region_that_is_no_longer_synced(store: Store) {
    let mut registered = account(A, "one");
    store.accounts().add(&registered).await.unwrap();
    let snapshot = ScopeSnapshot {
        resources: vec![table(A, "orders")],
        ..ScopeSnapshot::default()
    };
    let catalogue = store.catalogue();
    catalogue
        .apply_sync(&scope(A), &snapshot, minute(1))
        .await
        .unwrap();
    registered.regions = vec![region("us-east-1")];
    store.accounts().update(&registered).await.unwrap();
    let arn = &snapshot.resources[0].arn;
    assert_eq!(catalogue.resource(arn).await.unwrap(), None);
    let regions: Vec<String> = catalogue
        .scopes(None)
        .await
        .unwrap()
        .into_iter()
        .map(|state| state.scope.region.to_string())
        .collect();
    assert_eq!(regions, ["us-east-1"]);
}
