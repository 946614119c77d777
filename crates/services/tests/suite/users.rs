//! Users are made and unmade: by whom, and what it means for their sessions.

use jiff::SignedDuration;
use tidemark_domain::{NewPassword, Role, UserState, UserSummary};
use tidemark_services::{
    Caller, ServiceError,
    audit::{AuditEntry, AuditOutcome},
    ports::User,
    session,
    users::{self, AddUser, CreateUser},
};

use crate::world::{World, caller};

const PASSWORD: &str = "a long password";

/// Somebody with a password of their own.
async fn person(world: &World, name: &str, role: Role) -> User {
    let form = CreateUser {
        name: name.to_owned(),
        role,
        password: PASSWORD.to_owned(),
        must_change_password: false,
    };
    users::create(&world.services, &root(), &form)
        .await
        .unwrap()
}

/// The command line, which no user stands behind.
fn root() -> Caller {
    caller(Role::Admin)
}

fn signed_in(user: &User) -> Caller {
    Caller {
        user_id: Some(user.id),
        name: user.name.clone(),
        role: user.role,
        origin: "test".to_owned(),
    }
}

async fn add(world: &World, name: &str) -> Result<NewPassword, ServiceError> {
    let form = AddUser {
        name: name.to_owned(),
        role: Role::Viewer,
    };
    users::add(&world.services, &root(), &form).await
}

async fn sign_in(world: &World, name: &str, password: &str) -> Result<User, ServiceError> {
    session::sign_in(&world.services, name, password, "test").await
}

/// Whether a session that began as this user was is still one.
async fn is_session(world: &World, user: &User) -> bool {
    let (id, stamp) = (user.id, user.security_stamp);
    session::caller_of(&world.services, id, stamp, "test".to_owned())
        .await
        .unwrap()
        .is_some()
}

fn last(world: &World) -> AuditEntry {
    world.audit.records().pop().unwrap().entry
}

#[tokio::test]
async fn a_new_user_signs_in_once_with_the_password_that_was_made_and_chooses_their_own() {
    let world = World::new().await;
    let new = add(&world, " new.person@example.com ").await.unwrap();
    assert_eq!(new.user.name, "new.person@example.com");
    assert_eq!(
        new.user.state(world.clock.now()),
        UserState::OneTimePassword
    );
    let entry = last(&world);
    assert_eq!(entry.action, "user.create");
    assert_eq!(entry.subject, "new.person@example.com");
    assert_eq!(entry.detail.as_deref(), Some("viewer"));
    let password = new.password.reveal();
    let user = sign_in(&world, "new.person@example.com", password)
        .await
        .unwrap();
    assert!(user.must_change_password);
    let me = signed_in(&user);
    session::change_password(&world.services, &me, password, "one of my own")
        .await
        .unwrap();
    assert!(sign_in(&world, &user.name, password).await.is_err());
    let user = sign_in(&world, &user.name, "one of my own").await.unwrap();
    assert!(!user.must_change_password);
    let shown = users::get(&world.services, &root(), "NEW.person@example.com")
        .await
        .unwrap();
    assert_eq!(shown.last_sign_in_at, Some(world.clock.now()));
    for record in world.audit.records() {
        let text = serde_json::to_string(&record).unwrap();
        assert!(!text.contains(password), "{text}");
    }
}

#[tokio::test]
async fn names_are_short_plain_and_taken_in_any_case() {
    let world = World::new().await;
    add(&world, "anna").await.unwrap();
    for name in ["anna", "ANNA", " Anna "] {
        let error = add(&world, name).await.unwrap_err();
        assert!(matches!(error, ServiceError::Conflict(_)), "{error}");
        assert!(error.to_string().contains("is taken"), "{error}");
    }
    let long = "x".repeat(128);
    for name in [
        "", " ", "a", "änne", "an na", "anna/..", "..", "-anna", "@anna", "an\0na", "an\nna",
        "a,b", "<b>anna", &long,
    ] {
        match add(&world, name).await {
            Err(ServiceError::Invalid(invalid)) => assert_eq!(invalid.field, "user name"),
            other => panic!("{name:?}: {other:?}"),
        }
    }
    for name in ["ab", "9a", "o.k_@+-", &"x".repeat(64)] {
        add(&world, name).await.unwrap();
    }
}

#[tokio::test]
async fn whom_nobody_knows_is_not_found_and_shown_shortened() {
    let world = World::new().await;
    for name in ["nobody", "", "än\0ne", &"x".repeat(100_000)] {
        let error = users::disable(&world.services, &root(), name)
            .await
            .unwrap_err();
        assert!(matches!(error, ServiceError::NotFound(_)), "{error}");
        assert!(error.to_string().chars().count() < 200);
    }
}

#[tokio::test]
async fn users_are_listed_by_name_and_there_may_be_none() {
    let world = World::new().await;
    let list = async || users::list(&world.services, &root()).await.unwrap();
    assert_eq!(list().await, []);
    for name in ["carl", "Anna", "bert"] {
        add(&world, name).await.unwrap();
    }
    let names: Vec<String> = list().await.into_iter().map(|user| user.name).collect();
    assert_eq!(names, ["Anna", "bert", "carl"]);
}

#[tokio::test]
async fn another_role_ends_the_sessions_and_is_audited() {
    let world = World::new().await;
    let anna = person(&world, "anna", Role::Viewer).await;
    assert!(is_session(&world, &anna).await);
    let after = users::change_role(&world.services, &root(), "Anna", Role::Operator)
        .await
        .unwrap();
    assert_eq!(after.role, Role::Operator);
    assert!(!is_session(&world, &anna).await);
    let entry = last(&world);
    assert_eq!(entry.action, "user.change_role");
    assert_eq!(entry.detail.as_deref(), Some("viewer → operator"));
    let anna = sign_in(&world, "anna", PASSWORD).await.unwrap();
    // The same role again changes nothing, and nobody is thrown out for it.
    let entries = world.audit.records().len();
    users::change_role(&world.services, &root(), "anna", Role::Operator)
        .await
        .unwrap();
    assert!(is_session(&world, &anna).await);
    assert_eq!(world.audit.records().len(), entries);
}

#[tokio::test]
async fn a_disabled_user_gets_the_answer_of_a_wrong_password_until_enabled() {
    let world = World::new().await;
    let anna = person(&world, "anna", Role::Viewer).await;
    let after = users::disable(&world.services, &root(), "anna")
        .await
        .unwrap();
    assert_eq!(after.state(world.clock.now()), UserState::Disabled);
    assert!(!is_session(&world, &anna).await);
    // Not with the stamp that they have now either.
    let now = world.services.users.by_id(anna.id).await.unwrap().unwrap();
    assert!(!is_session(&world, &now).await);
    for password in [PASSWORD, "wrong"] {
        let error = sign_in(&world, "anna", password).await.unwrap_err();
        assert!(matches!(error, ServiceError::Unauthenticated), "{error}");
        let entry = last(&world);
        assert_eq!(entry.outcome, AuditOutcome::Denied);
        assert_eq!(entry.detail.as_deref(), Some("disabled"));
    }
    users::enable(&world.services, &root(), "anna")
        .await
        .unwrap();
    let back = sign_in(&world, "anna", PASSWORD).await.unwrap();
    assert_eq!(back.failed_attempts, 2);
    let actions: Vec<String> = world
        .audit
        .records()
        .into_iter()
        .map(|record| record.entry.action)
        .collect();
    assert!(actions.contains(&"user.disable".to_owned()), "{actions:?}");
    assert!(actions.contains(&"user.enable".to_owned()), "{actions:?}");
}

#[tokio::test]
async fn a_reset_ends_the_sessions_opens_a_lock_and_makes_a_password_for_once() {
    let world = World::new().await;
    let anna = person(&world, "anna", Role::Viewer).await;
    for _ in 0..5 {
        assert!(sign_in(&world, "anna", "wrong").await.is_err());
    }
    let new = users::reset_password(&world.services, &root(), "anna")
        .await
        .unwrap();
    assert_eq!(last(&world).action, "user.reset_password");
    assert!(!is_session(&world, &anna).await);
    assert!(sign_in(&world, "anna", PASSWORD).await.is_err());
    let anna = sign_in(&world, "anna", new.password.reveal())
        .await
        .unwrap();
    assert!(anna.must_change_password);
}

#[tokio::test]
async fn an_unlocked_user_signs_in_before_the_pause_is_over() {
    let world = World::new().await;
    let anna = person(&world, "anna", Role::Viewer).await;
    for _ in 0..5 {
        assert!(sign_in(&world, "anna", "wrong").await.is_err());
    }
    let shown = users::get(&world.services, &root(), "anna").await.unwrap();
    assert_eq!(shown.state(world.clock.now()), UserState::LockedOut);
    assert!(sign_in(&world, "anna", PASSWORD).await.is_err());
    users::unlock(&world.services, &root(), "anna")
        .await
        .unwrap();
    assert_eq!(last(&world).action, "user.unlock");
    assert!(is_session(&world, &anna).await);
    sign_in(&world, "anna", PASSWORD).await.unwrap();
    world.clock.advance(SignedDuration::from_mins(1));
    // Nothing is left to unlock.
    let entries = world.audit.records().len();
    users::unlock(&world.services, &root(), "anna")
        .await
        .unwrap();
    assert_eq!(world.audit.records().len(), entries);
}

#[tokio::test]
async fn nobody_changes_themselves() {
    let world = World::new().await;
    person(&world, "bert", Role::Admin).await;
    let anna = person(&world, "anna", Role::Admin).await;
    let (me, services) = (signed_in(&anna), &world.services);
    let refused = |outcome: Result<(), ServiceError>| {
        assert!(
            matches!(outcome, Err(ServiceError::Forbidden(_))),
            "{outcome:?}"
        );
        let entry = last(&world);
        assert_eq!(entry.outcome, AuditOutcome::Denied);
        assert_eq!(entry.subject, "anna");
    };
    let role = users::change_role(services, &me, "ANNA", Role::Viewer).await;
    refused(role.map(drop));
    refused(users::disable(services, &me, "anna").await.map(drop));
    refused(users::enable(services, &me, "anna").await.map(drop));
    refused(users::unlock(services, &me, "anna").await.map(drop));
    refused(users::reset_password(services, &me, "anna").await.map(drop));
    assert!(is_session(&world, &anna).await);
    // The machine itself may: an admin who forgot their password gets in again.
    let new = users::reset_password(services, &root(), "anna")
        .await
        .unwrap();
    sign_in(&world, "anna", new.password.reveal())
        .await
        .unwrap();
}

#[tokio::test]
async fn the_last_admin_who_is_not_disabled_stays_and_the_try_is_audited() {
    let world = World::new().await;
    person(&world, "anna", Role::Admin).await;
    person(&world, "bert", Role::Admin).await;
    person(&world, "carl", Role::Operator).await;
    let services = &world.services;
    users::disable(services, &root(), "bert").await.unwrap();
    let refused = |outcome: Result<UserSummary, ServiceError>, action: &str| {
        let error = outcome.unwrap_err();
        assert!(matches!(error, ServiceError::Conflict(_)), "{error}");
        assert!(error.to_string().contains("the last admin"), "{error}");
        let entry = last(&world);
        assert_eq!(
            (entry.action.as_str(), entry.outcome),
            (action, AuditOutcome::Denied)
        );
    };
    let disabled = users::disable(services, &root(), "anna").await;
    refused(disabled, "user.disable");
    let demoted = users::change_role(services, &root(), "anna", Role::Owner).await;
    refused(demoted, "user.change_role");
    users::change_role(services, &root(), "carl", Role::Admin)
        .await
        .unwrap();
    users::disable(services, &root(), "anna").await.unwrap();
}

#[tokio::test]
async fn a_reset_holds_against_a_password_that_is_changed_at_the_same_time() {
    let world = World::new().await;
    let anna = person(&world, "anna", Role::Viewer).await;
    let (me, machine) = (signed_in(&anna), root());
    let services = &world.services;
    let (own, made) = tokio::join!(
        session::change_password(services, &me, PASSWORD, "whoever has the session"),
        users::reset_password(services, &machine, "anna"),
    );
    let made = made.unwrap();
    let signed_in = sign_in(&world, "anna", made.password.reveal()).await;
    assert!(signed_in.is_ok(), "{own:?} {signed_in:?}");
    assert!(
        sign_in(&world, "anna", "whoever has the session")
            .await
            .is_err()
    );
}
