use axum::http::StatusCode;
use tidemark_domain::Role;

use crate::support::{PASSWORD, TestConsole};

const SIGN_IN: &str = "/api/session/sign_in";

#[tokio::test]
async fn a_post_from_another_site_is_refused_and_changes_nothing() {
    let console = TestConsole::new().await;
    let client = console.signed_in(Role::Admin).await;
    let fields = [
        ("account", "444455556666"),
        ("alias", "planted"),
        ("regions", "eu-west-1"),
    ];
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let mut forged = client.clone().with(name, value);
        let answer = forged.form("/api/accounts/add", &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
        let answer = forged.json("/api/v1/backups", &serde_json::json!({})).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
        assert_eq!(answer.json()["type"], "cross_site");
    }
    let accounts = console.services.accounts.list().await.unwrap();
    assert_eq!(accounts.len(), 1);
}

#[tokio::test]
async fn a_sign_in_from_another_site_is_refused() {
    let console = TestConsole::new().await;
    let mut forged = console.client().with("origin", "https://evil.example");
    forged
        .form(SIGN_IN, &[("name", "admin"), ("password", PASSWORD)])
        .await
        .expect(StatusCode::FORBIDDEN);
    assert!(forged.cookies().is_empty());
}

#[tokio::test]
async fn the_consoles_own_forms_are_not_refused() {
    let console = TestConsole::new().await;
    let mut own = console
        .client()
        .with("origin", "http://127.0.0.1:8080")
        .with("sec-fetch-site", "same-origin");
    let answer = own
        .form(SIGN_IN, &[("name", "admin"), ("password", PASSWORD)])
        .await;
    assert!(!answer.status.is_client_error(), "{answer:?}");
}

#[tokio::test]
async fn a_link_from_another_site_still_opens_a_page() {
    let console = TestConsole::new().await;
    let mut visitor = console
        .signed_in(Role::Viewer)
        .await
        .browser()
        .with("sec-fetch-site", "cross-site");
    visitor.get("/").await.expect(StatusCode::OK);
}
