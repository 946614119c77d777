use jiff::SignedDuration;
use tidemark_domain::Role;
use tidemark_services::{
    Caller, ServiceError,
    audit::AuditOutcome,
    ports::User,
    session,
    users::{self, CreateUser},
};

use crate::world::{World, caller};

const PASSWORD: &str = "a long password";

async fn anna(world: &World) -> User {
    let form = CreateUser {
        name: "anna".to_owned(),
        role: Role::Operator,
        password: PASSWORD.to_owned(),
        must_change_password: false,
    };
    users::create(&world.services, &caller(Role::Admin), &form)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_right_password_signs_in_and_is_audited() {
    let world = World::new().await;
    anna(&world).await;
    let user = session::sign_in(&world.services, "Anna", PASSWORD, "test")
        .await
        .unwrap();
    assert_eq!(user.name, "anna");
    let last = world.audit.records().pop().unwrap().entry;
    assert_eq!(
        (last.action.as_str(), last.outcome),
        ("session.sign_in", AuditOutcome::Allowed)
    );
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let world = World::new().await;
    anna(&world).await;
    for (name, password) in [
        ("anna", "wrong"),
        ("nobody", PASSWORD),
        ("", ""),
        ("anna", ""),
    ] {
        let error = session::sign_in(&world.services, name, password, "test")
            .await
            .unwrap_err();
        assert!(
            matches!(error, ServiceError::Unauthenticated),
            "{name}: {error}"
        );
    }
}

#[tokio::test]
async fn five_failures_lock_out_even_the_right_password_until_the_pause_is_over() {
    let world = World::new().await;
    anna(&world).await;
    for _ in 0..5 {
        assert!(
            session::sign_in(&world.services, "anna", "wrong", "test")
                .await
                .is_err()
        );
    }
    assert!(
        session::sign_in(&world.services, "anna", PASSWORD, "test")
            .await
            .is_err()
    );
    world.clock.advance(SignedDuration::from_secs(31));
    assert!(
        session::sign_in(&world.services, "anna", PASSWORD, "test")
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_changed_password_ends_every_session() {
    let world = World::new().await;
    let user = anna(&world).await;
    let me = Caller {
        user_id: Some(user.id),
        name: user.name.clone(),
        role: user.role,
        origin: "test".to_owned(),
    };
    let before = session::caller_of(
        &world.services,
        user.id,
        user.security_stamp,
        "test".to_owned(),
    )
    .await
    .unwrap();
    assert!(before.is_some());
    session::change_password(&world.services, &me, PASSWORD, "another long password")
        .await
        .unwrap();
    let after = session::caller_of(
        &world.services,
        user.id,
        user.security_stamp,
        "test".to_owned(),
    )
    .await
    .unwrap();
    assert!(after.is_none());
}

#[tokio::test]
async fn a_password_change_needs_the_present_one_and_a_long_new_one() {
    let world = World::new().await;
    let user = anna(&world).await;
    let me = Caller {
        user_id: Some(user.id),
        name: user.name.clone(),
        role: user.role,
        origin: "test".to_owned(),
    };
    for (current, new, field) in [
        ("wrong", "another long password", "current password"),
        (PASSWORD, "short", "password"),
        (PASSWORD, PASSWORD, "password"),
    ] {
        match session::change_password(&world.services, &me, current, new).await {
            Err(ServiceError::Invalid(invalid)) => assert_eq!(invalid.field, field),
            other => panic!("{field}: {other:?}"),
        }
    }
    assert_eq!(
        world
            .services
            .users
            .by_name("anna")
            .await
            .unwrap()
            .unwrap()
            .security_stamp,
        user.security_stamp
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_at_once_are_locked_out_like_guesses_one_by_one() {
    let world = std::sync::Arc::new(World::new().await);
    anna(&world).await;
    // The right one comes last, when nothing of the others is known yet.
    let guesses = (0..40).map(|number| {
        let world = std::sync::Arc::clone(&world);
        let password = if number == 39 { PASSWORD } else { "wrong" };
        tokio::spawn(async move {
            tokio::time::sleep(std::time::Duration::from_millis(number)).await;
            session::sign_in(&world.services, "anna", password, "test").await
        })
    });
    for guess in futures::future::join_all(guesses).await {
        let answer = guess.unwrap();
        assert!(
            matches!(answer, Err(ServiceError::Unauthenticated)),
            "{answer:?}"
        );
    }
    let refusals: Vec<_> = world
        .audit
        .records()
        .into_iter()
        .filter(|record| record.entry.action == "session.sign_in")
        .map(|record| record.entry.detail.unwrap_or_default())
        .collect();
    let looked_at = refusals.iter().filter(|why| why.contains("wrong password"));
    assert_eq!((refusals.len(), looked_at.count()), (40, 5));
}

#[tokio::test]
async fn a_session_in_wrong_hands_cannot_guess_the_password_by_changing_it() {
    let world = World::new().await;
    let user = anna(&world).await;
    let me = Caller {
        user_id: Some(user.id),
        name: user.name.clone(),
        role: user.role,
        origin: "test".to_owned(),
    };
    let change = async |current: &str| {
        session::change_password(&world.services, &me, current, "another long password").await
    };
    for _ in 0..5 {
        assert!(change("wrong").await.is_err());
    }
    let refused = change(PASSWORD).await.unwrap_err();
    assert!(refused.to_string().contains("too often"), "{refused}");
    // The same count holds for signing in.
    let signed_in = session::sign_in(&world.services, "anna", PASSWORD, "test").await;
    assert!(signed_in.is_err());
    world.clock.advance(SignedDuration::from_secs(31));
    change(PASSWORD).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_passwords_at_once_than_can_be_looked_at_are_refused_with_a_word() {
    let world = std::sync::Arc::new(World::new().await);
    let attempts = (0..200).map(|number| {
        let world = std::sync::Arc::clone(&world);
        tokio::spawn(async move {
            let name = format!("somebody{number}");
            session::sign_in(&world.services, &name, "wrong", "test").await
        })
    });
    let (mut looked_at, mut refused) = (0, 0);
    for attempt in futures::future::join_all(attempts).await {
        match attempt.unwrap() {
            Err(ServiceError::Unauthenticated) => looked_at += 1,
            Err(ServiceError::Overloaded(_)) => refused += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(looked_at >= 64 && refused > 0, "{looked_at} and {refused}");
}
