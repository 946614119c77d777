use std::collections::BTreeSet;

use jiff::SignedDuration;
use tidemark_domain::Role;
use tidemark_services::{
    error::StoreError,
    ports::{Attempt, NewUser},
};
use tidemark_store::Store;
use uuid::Uuid;

use crate::{builders::minute, harness::on_both};

on_both!(
    a_user_is_found_by_name_in_any_case_and_by_id,
    a_name_is_taken_in_any_case,
    users_are_listed_by_name,
    a_new_password_ends_the_sessions,
    failures_count_until_a_success,
    failures_at_once_are_all_counted,
    a_lock_lasts_until_a_success,
    an_unknown_user_is_not_found,
);

fn new(name: &str) -> NewUser {
    NewUser {
        name: name.to_owned(),
        role: Role::Operator,
        password_hash: "$argon2id$stub".to_owned(),
        must_change_password: true,
    }
}

async fn a_user_is_found_by_name_in_any_case_and_by_id(store: Store) {
    let users = store.users();
    let made = users.create(&new("Änne"), minute(3)).await.unwrap();
    assert_eq!(made.name, "Änne");
    assert_eq!(made.role, Role::Operator);
    assert_eq!(made.created_at, minute(3));
    assert!(made.must_change_password);
    assert_eq!(users.by_name("änne").await.unwrap(), Some(made.clone()));
    assert_eq!(users.by_name("ÄNNE").await.unwrap(), Some(made.clone()));
    assert_eq!(users.by_id(made.id).await.unwrap(), Some(made));
    assert_eq!(users.by_name("anne").await.unwrap(), None);
}

async fn a_name_is_taken_in_any_case(store: Store) {
    let users = store.users();
    users.create(&new("anna"), minute(0)).await.unwrap();
    let again = users.create(&new("ANNA"), minute(0)).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
}

async fn users_are_listed_by_name(store: Store) {
    let users = store.users();
    for name in ["carl", "Anna", "bert"] {
        users.create(&new(name), minute(0)).await.unwrap();
    }
    let names: Vec<String> = users
        .list()
        .await
        .unwrap()
        .into_iter()
        .map(|user| user.name)
        .collect();
    assert_eq!(names, ["Anna", "bert", "carl"]);
}

async fn a_new_password_ends_the_sessions(store: Store) {
    let users = store.users();
    let before = users.create(&new("anna"), minute(0)).await.unwrap();
    users.set_password(before.id, "$new", false).await.unwrap();
    let after = users.by_id(before.id).await.unwrap().unwrap();
    assert_eq!(after.password_hash, "$new");
    assert!(!after.must_change_password);
    assert_ne!(after.security_stamp, before.security_stamp);
}

async fn failures_count_until_a_success(store: Store) {
    let users = store.users();
    let user = users.create(&new("anna"), minute(0)).await.unwrap();
    let attempt = || users.begin_attempt(user.id, minute(1), never);
    assert_eq!(attempt().await.unwrap(), Attempt::Counted(1));
    assert_eq!(attempt().await.unwrap(), Attempt::Counted(2));
    users.record_success(user.id).await.unwrap();
    assert_eq!(attempt().await.unwrap(), Attempt::Counted(1));
}

fn never(_: u32) -> Option<SignedDuration> {
    None
}

/// From the fifth failure on.
fn half_an_hour(failures: u32) -> Option<SignedDuration> {
    (failures >= 5).then(|| SignedDuration::from_mins(30))
}

async fn failures_at_once_are_all_counted(store: Store) {
    let users = store.users();
    let user = users.create(&new("anna"), minute(0)).await.unwrap();
    let tries: Vec<_> = (0..40)
        .map(|_| {
            let users = users.clone();
            tokio::spawn(async move {
                users
                    .begin_attempt(user.id, minute(1), half_an_hour)
                    .await
                    .unwrap()
            })
        })
        .collect();
    let (mut counts, mut locked) = (BTreeSet::new(), 0);
    for attempt in tries {
        match attempt.await.unwrap() {
            Attempt::Counted(failures) => assert!(counts.insert(failures)),
            Attempt::Locked(until) => {
                assert_eq!(until, minute(31));
                locked += 1;
            }
        }
    }
    // Of those at once no more get through than of those one after the other.
    assert_eq!((counts, locked), ((1..=5).collect(), 35));
}

async fn a_lock_lasts_until_a_success(store: Store) {
    let users = store.users();
    let user = users.create(&new("anna"), minute(0)).await.unwrap();
    for _ in 0..5 {
        users
            .begin_attempt(user.id, minute(0), half_an_hour)
            .await
            .unwrap();
    }
    let locked = users.by_id(user.id).await.unwrap().unwrap();
    assert_eq!(locked.locked_until, Some(minute(30)));
    let attempt = |at| users.begin_attempt(user.id, at, half_an_hour);
    assert_eq!(
        attempt(minute(29)).await.unwrap(),
        Attempt::Locked(minute(30))
    );
    assert_eq!(attempt(minute(30)).await.unwrap(), Attempt::Counted(6));
    users.record_success(user.id).await.unwrap();
    let open = users.by_id(user.id).await.unwrap().unwrap();
    assert_eq!((open.locked_until, open.failed_attempts), (None, 0));
}

async fn an_unknown_user_is_not_found(store: Store) {
    let users = store.users();
    let id = Uuid::new_v4();
    assert_eq!(users.by_id(id).await.unwrap(), None);
    let answers = [
        users.set_password(id, "$x", false).await,
        users.begin_attempt(id, minute(1), never).await.map(|_| ()),
        users.record_success(id).await,
    ];
    for answer in answers {
        assert!(matches!(answer, Err(StoreError::NotFound(_))), "{answer:?}");
    }
}
