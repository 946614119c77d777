//! What pages report after they panicked in a browser.

use axum::http::StatusCode;
use serde_json::json;
use tidemark_domain::Role;

use crate::support::TestConsole;

const PATH: &str = "/browser/panics";

#[tokio::test]
async fn a_page_reports_a_panic_and_a_flood_of_them_is_refused() {
    let console = TestConsole::new().await;
    let mut anna = console.signed_in(Role::Viewer).await;
    let report = json!({"page": "timeline", "message": "panicked at app/src/lib.rs:1:1:\ngone"});
    let mut answers = Vec::new();
    for _ in 0..10 {
        answers.push(anna.json(PATH, &report).await.status);
    }
    assert_eq!(answers[0], StatusCode::NO_CONTENT);
    assert_eq!(answers[9], StatusCode::TOO_MANY_REQUESTS);
    // Others are not kept from reporting by it.
    let mut other = console.signed_in(Role::Operator).await;
    let answer = other.json(PATH, &report).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn whoever_must_change_the_password_first_can_report_that_page_too() {
    let console = TestConsole::new().await;
    console.add_user("new", Role::Viewer, true).await;
    let mut client = console.signed_in_as("new").await;
    let answer = client
        .json(PATH, &json!({"page": "password", "message": "gone"}))
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
}

#[tokio::test]
async fn a_report_is_not_taken_from_another_site_nor_with_more_than_it_should_say() {
    let console = TestConsole::new().await;
    let client = console.signed_in(Role::Viewer).await;
    let report = json!({"page": "timeline", "message": "gone"});
    let mut elsewhere = client.clone().with("sec-fetch-site", "cross-site");
    let answer = elsewhere.json(PATH, &report).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let mut client = client;
    let more = json!({"page": "timeline", "message": "gone", "cookie": "a"});
    let answer = client.json(PATH, &more).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
}
