//! Users by API and by form, and what becomes of their sessions.

use axum::http::StatusCode;
use serde_json::{Value, json};
use tidemark_domain::Role;
use tidemark_services::audit::AuditOutcome;

use crate::support::{Answer, Client, PASSWORD, TestConsole};

const SIGN_IN: &str = "/api/session/sign_in";

async fn sign_in(client: &mut Client, name: &str, password: &str) -> Answer {
    let fields = [("name", name), ("password", password)];
    client.form(SIGN_IN, &fields).await
}

fn nothing() -> Value {
    json!({})
}

#[tokio::test]
async fn a_user_is_added_listed_and_signs_in_to_choose_a_password() {
    let console = TestConsole::new().await;
    let mut admin = console.signed_in(Role::Admin).await;
    let name = "new.person+aws@example.com";
    let body = json!({"name": name, "role": "operator"});
    let added = admin
        .json("/api/v1/users", &body)
        .await
        .expect(StatusCode::CREATED);
    assert_eq!(added.header("cache-control"), "no-store");
    let added = added.json();
    assert_eq!(added["user"]["role"], "operator");
    assert_eq!(added["user"]["must_change_password"], true);
    let password = added["password"].as_str().unwrap();
    let listed = admin
        .get("/api/v1/users")
        .await
        .expect(StatusCode::OK)
        .json();
    let names: Vec<&str> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["admin", "auditor", name, "operator", "owner", "viewer"]
    );
    let path = "/api/v1/users/New.Person%2Baws%40example.com";
    let one = admin.get(path).await.expect(StatusCode::OK);
    assert_eq!(one.json()["name"], name);
    for answer in [&one.body, &listed.to_string()] {
        assert!(!answer.contains(password), "{answer}");
        assert!(!answer.contains("argon2"), "{answer}");
    }

    let mut person = console.client();
    sign_in(&mut person, name, password).await;
    let blocked = person.get("/api/v1/overview").await;
    assert_eq!(
        blocked.expect(StatusCode::FORBIDDEN).json()["type"],
        "password_change_required"
    );
    let fields = [
        ("current_password", password),
        ("new_password", "one of my own"),
        ("repeated_password", "one of my own"),
    ];
    person.form("/api/session/change_password", &fields).await;
    person.get("/api/v1/overview").await.expect(StatusCode::OK);
    let one = admin.get(path).await.json();
    assert_eq!(one["must_change_password"], false);
    assert!(one["last_sign_in_at"].is_string(), "{one}");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_in_words() {
    let console = TestConsole::new().await;
    let mut admin = console.signed_in(Role::Admin).await;
    let long = "x".repeat(128);
    for (name, role, status, says) in [
        ("VIEWER", "viewer", StatusCode::CONFLICT, "is taken"),
        ("a b", "viewer", StatusCode::BAD_REQUEST, "user name"),
        (&long, "viewer", StatusCode::BAD_REQUEST, "2 to 64"),
        (
            "anna",
            "root",
            StatusCode::BAD_REQUEST,
            "must be one of viewer, owner",
        ),
    ] {
        let body = json!({"name": name, "role": role});
        let answer = admin.json("/api/v1/users", &body).await.expect(status);
        assert!(answer.body.contains(says), "{}", answer.body);
    }
    let path = format!("/api/v1/users/{long}{long}/disable");
    for path in [
        "/api/v1/users/nobody/disable",
        "/api/v1/users/%00/disable",
        &path,
    ] {
        let answer = admin.json(path, &nothing()).await;
        answer.expect(StatusCode::NOT_FOUND);
    }
    let answer = admin
        .json("/api/v1/users/viewer/role", &json!({"role": "Admin!"}))
        .await;
    answer.expect(StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn each_change_by_an_admin_ends_the_sessions_at_once() {
    let console = TestConsole::new().await;
    let mut admin = console.signed_in(Role::Admin).await;
    for (change, body) in [
        ("role", json!({"role": "operator"})),
        ("disable", nothing()),
        ("password", nothing()),
    ] {
        let mut here = console.signed_in(Role::Viewer).await;
        let mut elsewhere = console.signed_in(Role::Viewer).await.browser();
        here.get("/api/v1/overview").await.expect(StatusCode::OK);
        elsewhere.get("/runs").await.expect(StatusCode::OK);
        let path = format!("/api/v1/users/viewer/{change}");
        admin.json(&path, &body).await.expect(StatusCode::OK);
        let answer = here.get("/api/v1/overview").await;
        answer.expect(StatusCode::UNAUTHORIZED);
        let answer = elsewhere.get("/runs").await;
        answer.expect(StatusCode::SEE_OTHER);
        // Back to how it was, but for the last one.
        admin
            .json("/api/v1/users/viewer/enable", &nothing())
            .await
            .expect(StatusCode::OK);
        admin
            .json("/api/v1/users/viewer/role", &json!({"role": "viewer"}))
            .await
            .expect(StatusCode::OK);
    }
    admin.get("/api/v1/users").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_disabled_user_gets_the_answer_of_an_unknown_one() {
    let console = TestConsole::new().await;
    let mut admin = console.signed_in(Role::Admin).await;
    admin
        .json("/api/v1/users/viewer/disable", &nothing())
        .await
        .expect(StatusCode::OK);
    let mut client = console.client();
    let mut answers = Vec::new();
    for name in ["viewer", "nobody"] {
        let answer = sign_in(&mut client, name, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let mut json = answer.json();
        json["correlation"] = "".into();
        answers.push(json);
    }
    assert_eq!(answers[0], answers[1]);
    assert!(client.cookies().is_empty());
    let audit = console.audit();
    let said = audit
        .iter()
        .rev()
        .find(|record| record.entry.subject == "viewer");
    assert_eq!(said.unwrap().entry.detail.as_deref(), Some("disabled"));
}

#[tokio::test]
async fn a_locked_out_user_is_let_in_again() {
    let console = TestConsole::new().await;
    let mut admin = console.signed_in(Role::Admin).await;
    let mut client = console.client();
    for _ in 0..5 {
        sign_in(&mut client, "viewer", "nope").await;
    }
    let locked = admin.get("/api/v1/users/viewer").await.json();
    assert!(locked["locked_until"].is_string(), "{locked}");
    let mut page = admin.clone().browser();
    let shown = page.get("/users/view?name=viewer").await;
    assert!(shown.body.contains("locked out"), "{}", shown.body);
    assert!(shown.body.contains("Unlock now"), "{}", shown.body);
    let unlocked = admin
        .json("/api/v1/users/viewer/unlock", &nothing())
        .await
        .expect(StatusCode::OK);
    assert_eq!(unlocked.json()["locked_until"], Value::Null);
    sign_in(&mut client, "viewer", PASSWORD).await;
    client.get("/api/v1/overview").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn nobody_takes_themselves_or_the_last_admin_away() {
    let console = TestConsole::new().await;
    let mut admin = console.signed_in(Role::Admin).await;
    for (change, body) in [
        ("role", json!({"role": "viewer"})),
        ("disable", nothing()),
        ("password", nothing()),
        ("unlock", nothing()),
    ] {
        let path = format!("/api/v1/users/ADMIN/{change}");
        let answer = admin.json(&path, &body).await;
        let answer = answer.expect(StatusCode::FORBIDDEN);
        assert!(answer.body.contains("another admin can"), "{}", answer.body);
        let entry = console.audit().pop().unwrap().entry;
        assert_eq!(entry.outcome, AuditOutcome::Denied);
        assert_eq!(entry.subject, "admin");
    }
    // Two admins, each of whom disables the other: one of them is left.
    console.add_user("second", Role::Admin, false).await;
    let mut second = console.signed_in_as("second").await;
    let none = nothing();
    let (one, other) = tokio::join!(
        admin.json("/api/v1/users/second/disable", &none),
        second.json("/api/v1/users/admin/disable", &none),
    );
    let done = [&one, &other]
        .iter()
        .filter(|answer| answer.status == StatusCode::OK)
        .count();
    assert_eq!(done, 1, "{one:?} {other:?}");
}

#[tokio::test]
async fn the_pages_add_a_user_and_show_the_password_once_without_scripts() {
    let console = TestConsole::new().await;
    let mut admin = console.signed_in(Role::Admin).await.browser();
    let page = admin.get("/users").await.expect(StatusCode::OK);
    assert!(
        page.body.contains("href=\"/users/view?name=viewer\""),
        "{}",
        page.body
    );
    let refused = admin
        .form(
            "/api/users/add",
            &[("page", "/users"), ("name", "<b>new"), ("role", "auditor")],
        )
        .await
        .expect(StatusCode::BAD_REQUEST);
    assert!(
        refused.body.contains("2 to 64 characters"),
        "{}",
        refused.body
    );
    assert!(
        refused.body.contains("value=\"&lt;b&gt;new\""),
        "{}",
        refused.body
    );
    assert!(
        refused.body.contains("<option value=\"auditor\" selected"),
        "{}",
        refused.body
    );
    let added = admin
        .form(
            "/api/users/add",
            &[
                ("page", "/users"),
                ("name", "new.person"),
                ("role", "auditor"),
            ],
        )
        .await
        .expect(StatusCode::OK);
    assert_eq!(added.header("cache-control"), "no-store");
    assert!(
        added.body.contains("Copy the password of new.person now"),
        "{}",
        added.body
    );
    let password = shown_password(&added.body);
    assert_eq!(
        added
            .body
            .matches("href=\"/users/view?name=new.person\"")
            .count(),
        1
    );
    for path in ["/users", "/users/view?name=new.person"] {
        let page = admin.get(path).await.expect(StatusCode::OK);
        assert!(!page.body.contains(&password), "{path}");
        assert!(
            page.body.contains("one-time password"),
            "{path}: {}",
            page.body
        );
    }
    let own = admin
        .get("/users/view?name=admin")
        .await
        .expect(StatusCode::OK);
    assert!(own.body.contains("This is you"), "{}", own.body);
    assert!(!own.body.contains("/api/users/disable"), "{}", own.body);
    let mut person = console.client();
    sign_in(&mut person, "new.person", &password).await;
    assert!(!person.cookies().is_empty());
}

#[tokio::test]
async fn a_form_resets_disables_and_enables_and_comes_back_to_the_user() {
    let console = TestConsole::new().await;
    let mut admin = console.signed_in(Role::Admin).await.browser();
    let view = "/users/view?name=viewer";
    let fields = [("page", view), ("name", "viewer")];
    let reset = admin
        .form("/api/users/reset_password", &fields)
        .await
        .expect(StatusCode::OK);
    let password = shown_password(&reset.body);
    let mut person = console.client();
    sign_in(&mut person, "viewer", &password).await;
    assert!(!person.cookies().is_empty());
    for (path, state) in [
        ("/api/users/disable", ">disabled<"),
        ("/api/users/enable", ">one-time password<"),
    ] {
        let answer = admin
            .form(path, &fields)
            .await
            .expect(StatusCode::SEE_OTHER);
        assert_eq!(answer.header("location"), view);
        let shown = admin.get(view).await;
        assert!(shown.body.contains(state), "{}", shown.body);
    }
    let fields = [("page", "/users/view?name=admin"), ("name", "admin")];
    let refused = admin.form("/api/users/disable", &fields).await;
    let refused = refused.expect(StatusCode::FORBIDDEN);
    assert!(
        refused.body.contains("nobody does this to themselves"),
        "{}",
        refused.body
    );
}

/// The password in the notice of a page.
fn shown_password(page: &str) -> String {
    let (_, notice) = page.split_once("Copy the password of").unwrap();
    let (_, text) = notice.split_once("copyable-text\">").unwrap();
    let (password, _) = text.split_once('<').unwrap();
    assert!(password.len() >= 20, "{password}");
    password.to_owned()
}
