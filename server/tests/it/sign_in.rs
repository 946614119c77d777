use axum::http::StatusCode;
use jiff::SignedDuration;
use tidemark_domain::Role;
use tidemark_server::config::Overrides;

use crate::support::{PASSWORD, TestConsole};

const SIGN_IN: &str = "/api/session/sign_in";

#[tokio::test]
async fn the_right_password_begins_a_session() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Operator).await;
    let answer = client.get("/api/v1/overview").await;
    answer.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let console = TestConsole::new().await;
    let mut client = console.client();
    let mut wrong = client
        .form(SIGN_IN, &[("name", "admin"), ("password", "nope")])
        .await;
    let mut unknown = client
        .form(SIGN_IN, &[("name", "nobody"), ("password", "nope")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!(unknown.status, StatusCode::UNAUTHORIZED);
    for answer in [&mut wrong, &mut unknown] {
        let mut json = answer.json();
        // The correlation id differs on every answer.
        json["correlation"] = "".into();
        answer.body = json.to_string();
    }
    assert_eq!(wrong.body, unknown.body);
    assert!(client.cookies().is_empty());
}

#[tokio::test]
async fn after_five_failures_the_right_password_is_refused_for_a_while() {
    let console = TestConsole::new().await;
    let mut client = console.client();
    for _ in 0..5 {
        client
            .form(SIGN_IN, &[("name", "admin"), ("password", "nope")])
            .await
            .expect(StatusCode::UNAUTHORIZED);
    }
    let right = [("name", "admin"), ("password", PASSWORD)];
    client
        .form(SIGN_IN, &right)
        .await
        .expect(StatusCode::UNAUTHORIZED);
    console.advance(SignedDuration::from_mins(16));
    let answer = client.form(SIGN_IN, &right).await;
    assert!(!answer.status.is_client_error(), "{answer:?}");
    let denied = console
        .audit()
        .iter()
        .filter(|record| record.entry.action == "session.sign_in")
        .count();
    assert_eq!(denied, 7, "every attempt is in the audit log");
}

#[tokio::test]
async fn signing_in_changes_the_session_id() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Admin).await;
    let before = client.cookies()["tidemark"].clone();
    client
        .form(SIGN_IN, &[("name", "viewer"), ("password", PASSWORD)])
        .await;
    let after = client.cookies()["tidemark"].clone();
    assert_ne!(before, after);
    let mut thief = console.client();
    thief.set_cookie("tidemark", &before);
    thief
        .get("/api/v1/overview")
        .await
        .expect(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_id_that_the_console_did_not_make_is_worth_nothing() {
    let console = TestConsole::new().await;
    let mut client = console.client();
    client.set_cookie("tidemark", "AAAAAAAAAAAAAAAAAAAAAA");
    let planted = client.cookies()["tidemark"].clone();
    client
        .form(SIGN_IN, &[("name", "admin"), ("password", PASSWORD)])
        .await;
    assert_ne!(client.cookies()["tidemark"], planted);
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Admin).await;
    let id = client.cookies()["tidemark"].clone();
    client.form("/api/session/sign_out", &[]).await;
    assert!(!client.cookies().contains_key("tidemark"));
    let mut thief = console.client();
    thief.set_cookie("tidemark", &id);
    thief
        .get("/api/v1/overview")
        .await
        .expect(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Admin).await;
    console.advance(SignedDuration::from_mins(50));
    client.get("/api/v1/overview").await.expect(StatusCode::OK);
    console.advance(SignedDuration::from_mins(50));
    client.get("/api/v1/overview").await.expect(StatusCode::OK);
    console.advance(SignedDuration::from_mins(62));
    client
        .get("/api/v1/overview")
        .await
        .expect(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_however_much_it_is_used() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Admin).await;
    for _ in 0..14 {
        console.advance(SignedDuration::from_mins(50));
        client.get("/api/v1/overview").await.expect(StatusCode::OK);
    }
    console.advance(SignedDuration::from_mins(30));
    client
        .get("/api/v1/overview")
        .await
        .expect(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session() {
    let console = TestConsole::new().await;
    let mut here = console.signed_in(Role::Operator).await;
    let mut elsewhere = console.signed_in(Role::Operator).await;
    let fields = [
        ("current_password", PASSWORD),
        ("new_password", "another long password"),
        ("repeated_password", "another long password"),
    ];
    let answer = here.form("/api/session/change_password", &fields).await;
    assert!(!answer.status.is_client_error(), "{answer:?}");
    here.get("/api/v1/overview").await.expect(StatusCode::OK);
    elsewhere
        .get("/api/v1/overview")
        .await
        .expect(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_first_password_must_be_changed_before_anything_else() {
    let console = TestConsole::new().await;
    console.add_user("newcomer", Role::Admin, true).await;
    let mut client = console.signed_in_as("newcomer").await;
    client
        .get("/api/v1/overview")
        .await
        .expect(StatusCode::FORBIDDEN);
    let mut browser = client.clone().browser();
    let page = browser.get("/").await.expect(StatusCode::SEE_OTHER);
    assert_eq!(page.header("location"), "/password");
    browser.get("/password").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn behind_tls_the_cookie_is_bound_to_the_host() {
    let overrides = Overrides {
        public_url: Some("https://backups.example.com".to_owned()),
        ..Overrides::default()
    };
    let console = TestConsole::with(&overrides, |_| {}).await;
    let mut client = console.client();
    let answer = client
        .form(SIGN_IN, &[("name", "admin"), ("password", PASSWORD)])
        .await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-tidemark="), "{cookie}");
    for word in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(word), "{word} is missing in {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn too_many_sign_ins_from_one_address_are_refused_but_not_from_another() {
    let console = TestConsole::new().await;
    let router = console.client();
    let mut loud = router.clone().from([192, 0, 2, 1]);
    let mut last = StatusCode::OK;
    for n in 0..11 {
        let name = format!("user{n}");
        last = loud
            .form(SIGN_IN, &[("name", &name), ("password", "nope")])
            .await
            .status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let mut quiet = router.from([192, 0, 2, 2]);
    let answer = quiet
        .form(SIGN_IN, &[("name", "admin"), ("password", PASSWORD)])
        .await;
    assert!(!answer.status.is_client_error(), "{answer:?}");
}
