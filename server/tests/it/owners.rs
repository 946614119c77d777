use axum::http::StatusCode;
use serde_json::json;
use tidemark_domain::Role;

use crate::support::{CARTS, ORDERS, TestConsole};

fn in_query(arn: &str) -> String {
    arn.replace(':', "%3A").replace('/', "%2F")
}

#[tokio::test]
async fn an_owner_sees_only_their_own_resources() {
    let console = TestConsole::new().await;
    let mut owner = console.signed_in(Role::Owner).await;
    let list = owner
        .get("/api/v1/resources")
        .await
        .expect(StatusCode::OK)
        .json();
    let arns: Vec<&str> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["arn"].as_str().unwrap())
        .collect();
    assert_eq!(arns, [ORDERS]);
    owner
        .get(&format!("/api/v1/resource?arn={}", in_query(CARTS)))
        .await
        .expect(StatusCode::NOT_FOUND);
    owner
        .get(&format!("/api/v1/points?resource={}", in_query(CARTS)))
        .await
        .expect(StatusCode::NOT_FOUND);
    let page = owner
        .browser()
        .get(&format!("/resources/view?arn={}", in_query(CARTS)))
        .await
        .expect(StatusCode::NOT_FOUND);
    assert!(!page.body.contains("somebody"));
}

#[tokio::test]
async fn an_owner_cannot_widen_the_list_by_a_filter() {
    let console = TestConsole::new().await;
    let mut owner = console.signed_in(Role::Owner).await;
    for list in ["resources", "points"] {
        let refused = owner.get(&format!("/api/v1/{list}?owner=somebody")).await;
        let refused = refused.expect(StatusCode::BAD_REQUEST).json();
        assert_eq!(refused["field"], "owner");
    }
    let list = owner
        .get("/api/v1/resources")
        .await
        .expect(StatusCode::OK)
        .json();
    let rows = list["items"].as_array().unwrap();
    assert!(!rows.is_empty());
    assert!(rows.iter().all(|row| row["owner"] == "owner"), "{list}");
}

#[tokio::test]
async fn an_owner_sees_the_accounts_of_what_is_theirs_and_no_others() {
    let console = TestConsole::new().await;
    console.add_user("newcomer", Role::Owner, false).await;
    let mut owner = console.signed_in(Role::Owner).await;
    let accounts = owner
        .get("/api/v1/accounts")
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(accounts.as_array().unwrap().len(), 1);
    assert_eq!(accounts[0]["resources"], 1, "of two tables one is theirs");
    let mut newcomer = console.signed_in_as("newcomer").await;
    let none = newcomer
        .get("/api/v1/accounts")
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(none, json!([]));
    newcomer
        .get("/api/v1/accounts/111122223333")
        .await
        .expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_owner_backs_up_their_own_and_nothing_else() {
    let console = TestConsole::new().await;
    let mut owner = console.signed_in(Role::Owner).await;
    let backup =
        |arn: &str| json!({"resource": arn, "vault": "Default", "reason": "before the release"});
    owner
        .json("/api/v1/backups", &backup(CARTS))
        .await
        .expect(StatusCode::NOT_FOUND);
    let answer = owner
        .json("/api/v1/backups", &backup(ORDERS))
        .await
        .expect(StatusCode::ACCEPTED);
    let run = answer.json()["run"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), format!("/api/v1/runs/{run}"));
    owner
        .get(&format!("/api/v1/runs/{run}"))
        .await
        .expect(StatusCode::OK);
}

#[tokio::test]
async fn an_owner_sees_and_stops_only_their_own_runs() {
    let console = TestConsole::new().await;
    let mut operator = console.signed_in(Role::Operator).await;
    let body = json!({"resource": CARTS, "vault": "Default", "reason": ""});
    let answer = operator
        .json("/api/v1/backups", &body)
        .await
        .expect(StatusCode::ACCEPTED);
    let run = answer.json()["run"].as_str().unwrap().to_owned();
    let mut owner = console.signed_in(Role::Owner).await;
    let list = owner
        .get("/api/v1/runs")
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(list["items"], json!([]));
    for path in [
        format!("/api/v1/runs/{run}"),
        format!("/api/v1/runs/{run}/events"),
        format!("/runs/{run}/events"),
    ] {
        owner.get(&path).await.expect(StatusCode::NOT_FOUND);
    }
    owner
        .json(&format!("/api/v1/runs/{run}/cancel"), &json!({}))
        .await
        .expect(StatusCode::NOT_FOUND);
}
