use std::convert::Infallible;

use axum::{
    body::{Body, Bytes},
    http::StatusCode,
};
use tidemark_domain::Role;

use crate::support::TestConsole;

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn an_oversized_form_is_refused_with_the_limit_and_changes_nothing() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Admin).await;
    let mut body = "account=444455556666&regions=eu-west-1&alias=".to_owned();
    body.push_str(&"a".repeat(300_000));
    let answer = client
        .post("/api/accounts/add", FORM, body)
        .await
        .expect(StatusCode::PAYLOAD_TOO_LARGE);
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("at most 262144 bytes"), "{detail}");
    assert_eq!(console.services.accounts.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_oversized_form_without_a_length_is_refused_too() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Admin).await;
    let chunk = Bytes::from(vec![b'a'; 64 * 1024]);
    let chunks = futures::stream::iter((0..10).map(move |_| Ok::<_, Infallible>(chunk.clone())));
    client
        .post(
            "/api/v1/backups",
            "application/json",
            Body::from_stream(chunks),
        )
        .await
        .expect(StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_person_gets_a_page_that_says_what_was_too_large() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Admin).await.browser();
    let answer = client
        .post("/api/accounts/add", FORM, "a".repeat(300_000))
        .await
        .expect(StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.header("content-type").starts_with("text/html"));
    assert!(answer.body.contains("at most 262144 bytes"));
}

#[tokio::test]
async fn one_address_cannot_ask_without_end() {
    let console = TestConsole::with(&tidemark_server::config::Overrides::default(), |config| {
        config.limits.request_burst = 20;
        config.limits.request_per_second = 1;
    })
    .await;
    let client = console.client();
    let mut loud = client.clone().from([192, 0, 2, 1]);
    let mut refused = 0;
    for _ in 0..30 {
        let answer = loud.get("/healthz").await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
            refused += 1;
        }
    }
    assert!(refused >= 8, "{refused}");
    client
        .from([192, 0, 2, 2])
        .get("/healthz")
        .await
        .expect(StatusCode::OK);
}
