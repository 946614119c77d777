use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use tidemark_domain::Role;
use tidemark_services::{
    audit::{AuditEntry, AuditOutcome},
    error::StoreError,
    ports::{Attempt, AuditFilter, NewUser, User, UserChange, UserChanged},
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
    a_user_is_created_with_its_entry_or_not_at_all,
    a_change_is_made_with_its_entry,
    a_role_a_lock_out_and_a_new_password_end_the_sessions,
    a_reset_and_an_unlock_forget_the_wrong_passwords,
    what_changes_nothing_leaves_no_entry,
    the_last_enabled_admin_stays,
    of_two_admins_taken_away_at_once_one_stays,
    a_password_of_ones_own_does_not_replace_one_made_meanwhile,
    a_sign_in_leaves_its_moment,
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
    let made = users.create(&new("Änne"), minute(3), None).await.unwrap();
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
    users.create(&new("anna"), minute(0), None).await.unwrap();
    let again = users.create(&new("ANNA"), minute(0), None).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
}

async fn users_are_listed_by_name(store: Store) {
    let users = store.users();
    for name in ["carl", "Anna", "bert"] {
        users.create(&new(name), minute(0), None).await.unwrap();
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
    let before = users.create(&new("anna"), minute(0), None).await.unwrap();
    users
        .set_password(before.id, before.security_stamp, "$new")
        .await
        .unwrap();
    let after = users.by_id(before.id).await.unwrap().unwrap();
    assert_eq!(after.password_hash, "$new");
    assert!(!after.must_change_password);
    assert_ne!(after.security_stamp, before.security_stamp);
}

async fn failures_count_until_a_success(store: Store) {
    let users = store.users();
    let user = users.create(&new("anna"), minute(0), None).await.unwrap();
    let attempt = || users.begin_attempt(user.id, minute(1), never);
    assert_eq!(attempt().await.unwrap(), Attempt::Counted(1));
    assert_eq!(attempt().await.unwrap(), Attempt::Counted(2));
    users.clear_attempts(user.id).await.unwrap();
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
    let user = users.create(&new("anna"), minute(0), None).await.unwrap();
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
    let user = users.create(&new("anna"), minute(0), None).await.unwrap();
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
    users.clear_attempts(user.id).await.unwrap();
    let open = users.by_id(user.id).await.unwrap().unwrap();
    assert_eq!((open.locked_until, open.failed_attempts), (None, 0));
}

async fn an_unknown_user_is_not_found(store: Store) {
    let users = store.users();
    let id = Uuid::new_v4();
    assert_eq!(users.by_id(id).await.unwrap(), None);
    let answers = [
        users
            .change(id, &UserChange::Unlock, &entry("user.unlock"))
            .await
            .map(|_| ()),
        users.begin_attempt(id, minute(1), never).await.map(|_| ()),
        users.clear_attempts(id).await,
        users.record_sign_in(id, minute(1)).await,
    ];
    for answer in answers {
        assert!(matches!(answer, Err(StoreError::NotFound(_))), "{answer:?}");
    }
}

fn entry(action: &str) -> AuditEntry {
    AuditEntry {
        at: minute(9),
        actor: "root".to_owned(),
        origin: "cli".to_owned(),
        action: action.to_owned(),
        subject: "anna".to_owned(),
        outcome: AuditOutcome::Allowed,
        plan_digest: None,
        detail: None,
        request_ids: Vec::new(),
    }
}

/// The actions in the audit log, oldest first.
async fn actions(store: &Store) -> Vec<String> {
    let filter = AuditFilter::default();
    let page = store.audit().list(&filter).await.unwrap();
    let entries = page.items.into_iter().rev();
    entries.map(|record| record.entry.action).collect()
}

async fn admin(store: &Store, name: &str) -> User {
    let user = NewUser {
        role: Role::Admin,
        ..new(name)
    };
    let users = store.users();
    users.create(&user, minute(0), None).await.unwrap()
}

async fn change(store: &Store, id: Uuid, change: UserChange) -> UserChanged {
    let users = store.users();
    users.change(id, &change, &entry("change")).await.unwrap()
}

/// The user after a change that is made.
async fn changed(store: &Store, id: Uuid, wanted: UserChange) -> User {
    match change(store, id, wanted).await {
        UserChanged::Done(user) => user,
        UserChanged::LastAdmin => panic!("refused"),
    }
}

fn password() -> UserChange {
    UserChange::Password {
        hash: "$made".to_owned(),
    }
}

async fn a_user_is_created_with_its_entry_or_not_at_all(store: Store) {
    let users = store.users();
    let made = entry("user.create");
    users
        .create(&new("anna"), minute(0), Some(&made))
        .await
        .unwrap();
    let again = users.create(&new("Anna"), minute(0), Some(&made)).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
    assert_eq!(actions(&store).await, ["user.create"]);
    // Where the entry cannot be written, there is no user either.
    store.execute("DROP TABLE audit").await.unwrap();
    let unrecorded = users.create(&new("bert"), minute(0), Some(&made)).await;
    assert!(unrecorded.is_err(), "{unrecorded:?}");
    assert_eq!(users.by_name("bert").await.unwrap(), None);
}

async fn a_change_is_made_with_its_entry(store: Store) {
    let users = store.users();
    let user = users.create(&new("anna"), minute(0), None).await.unwrap();
    let after = changed(&store, user.id, UserChange::Disable(minute(5))).await;
    assert_eq!(after.disabled_at, Some(minute(5)));
    assert_eq!(users.by_id(user.id).await.unwrap(), Some(after));
    let after = changed(&store, user.id, UserChange::Enable).await;
    assert_eq!(after.disabled_at, None);
    let after = changed(&store, user.id, UserChange::Role(Role::Auditor)).await;
    assert_eq!(after.role, Role::Auditor);
    let after = changed(&store, user.id, password()).await;
    assert_eq!(after.password_hash, "$made");
    assert!(after.must_change_password);
    assert_eq!(users.by_id(user.id).await.unwrap(), Some(after.clone()));
    assert_eq!(actions(&store).await, ["change"; 4]);
    store.execute("DROP TABLE audit").await.unwrap();
    let unrecorded = users
        .change(user.id, &UserChange::Role(Role::Owner), &entry("change"))
        .await;
    assert!(unrecorded.is_err(), "{unrecorded:?}");
    assert_eq!(users.by_id(user.id).await.unwrap(), Some(after));
}

async fn a_role_a_lock_out_and_a_new_password_end_the_sessions(store: Store) {
    let users = store.users();
    let user = users.create(&new("anna"), minute(0), None).await.unwrap();
    let mut stamps = BTreeSet::from([user.security_stamp]);
    let changes = [
        UserChange::Role(Role::Viewer),
        UserChange::Disable(minute(1)),
        UserChange::Enable,
        password(),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        stamps.insert(changed(&store, user.id, change).await.security_stamp);
        assert_eq!(stamps.len(), number + 2);
    }
}

async fn a_reset_and_an_unlock_forget_the_wrong_passwords(store: Store) {
    let users = store.users();
    let user = users.create(&new("anna"), minute(0), None).await.unwrap();
    for change in [UserChange::Unlock, password()] {
        for _ in 0..5 {
            users
                .begin_attempt(user.id, minute(0), half_an_hour)
                .await
                .unwrap();
        }
        let locked = users.by_id(user.id).await.unwrap().unwrap();
        assert_eq!(locked.locked_until, Some(minute(30)));
        let unlock = change == UserChange::Unlock;
        let open = changed(&store, user.id, change).await;
        assert_eq!((open.locked_until, open.failed_attempts), (None, 0));
        // Who has got in keeps what they do.
        assert_eq!(open.security_stamp == locked.security_stamp, unlock);
    }
}

async fn what_changes_nothing_leaves_no_entry(store: Store) {
    let user = admin(&store, "anna").await;
    for change in [
        UserChange::Role(Role::Admin),
        UserChange::Enable,
        UserChange::Unlock,
    ] {
        assert_eq!(changed(&store, user.id, change).await, user);
    }
    let other = admin(&store, "bert").await;
    let off = changed(&store, other.id, UserChange::Disable(minute(1))).await;
    let still = changed(&store, other.id, UserChange::Disable(minute(2))).await;
    assert_eq!(still, off);
    assert_eq!(actions(&store).await, ["change"]);
}

async fn the_last_enabled_admin_stays(store: Store) {
    let (anna, bert) = (admin(&store, "anna").await, admin(&store, "bert").await);
    changed(&store, bert.id, UserChange::Disable(minute(1))).await;
    for refused in [
        UserChange::Disable(minute(2)),
        UserChange::Role(Role::Operator),
    ] {
        let outcome = change(&store, anna.id, refused).await;
        assert_eq!(outcome, UserChanged::LastAdmin);
    }
    assert_eq!(
        store.users().by_id(anna.id).await.unwrap(),
        Some(anna.clone())
    );
    assert_eq!(actions(&store).await, ["change"]);
    // Their password can be reset, and a disabled admin be made something else.
    changed(&store, anna.id, password()).await;
    changed(&store, bert.id, UserChange::Role(Role::Viewer)).await;
    changed(&store, bert.id, UserChange::Role(Role::Admin)).await;
    changed(&store, bert.id, UserChange::Enable).await;
    changed(&store, anna.id, UserChange::Role(Role::Viewer)).await;
}

async fn of_two_admins_taken_away_at_once_one_stays(store: Store) {
    let (anna, bert) = (admin(&store, "anna").await, admin(&store, "bert").await);
    for round in 0..10 {
        let changes = [
            (anna.id, UserChange::Disable(minute(round))),
            (bert.id, UserChange::Role(Role::Viewer)),
        ];
        let tries = changes.map(|(id, change)| {
            let users = store.users();
            tokio::spawn(async move { users.change(id, &change, &entry("change")).await.unwrap() })
        });
        let mut refused = 0;
        for outcome in tries {
            refused += usize::from(outcome.await.unwrap() == UserChanged::LastAdmin);
        }
        let users = store.users().list().await.unwrap();
        let left = users.iter().filter(|user| user.is_enabled_admin()).count();
        assert_eq!((refused, left), (1, 1), "round {round}");
        changed(&store, anna.id, UserChange::Enable).await;
        changed(&store, bert.id, UserChange::Role(Role::Admin)).await;
    }
}

async fn a_password_of_ones_own_does_not_replace_one_made_meanwhile(store: Store) {
    let users = store.users();
    let before = users.create(&new("anna"), minute(0), None).await.unwrap();
    let made = changed(&store, before.id, password()).await;
    let late = users
        .set_password(before.id, before.security_stamp, "$own")
        .await;
    assert!(matches!(late, Err(StoreError::Conflict(_))), "{late:?}");
    assert_eq!(users.by_id(before.id).await.unwrap(), Some(made));
}

async fn a_sign_in_leaves_its_moment(store: Store) {
    let users = store.users();
    let user = users.create(&new("anna"), minute(0), None).await.unwrap();
    assert_eq!(user.last_sign_in_at, None);
    let at: Timestamp = minute(7);
    users.begin_attempt(user.id, at, never).await.unwrap();
    users.record_sign_in(user.id, at).await.unwrap();
    let after = users.by_id(user.id).await.unwrap().unwrap();
    assert_eq!(
        (after.last_sign_in_at, after.failed_attempts),
        (Some(at), 0)
    );
    assert_eq!(after.security_stamp, user.security_stamp);
}
