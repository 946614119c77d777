//! Restores by the API: what exists is changed only when its name is given.

use axum::http::StatusCode;
use serde_json::{Value, json};
use tidemark_domain::{ResourceType, Role};
use tidemark_services::ports::ScopeSnapshot;
use tidemark_testkit::build;

use crate::support::{Client, TestConsole};

const FILES: &str = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0live";

/// The console with a file system of the user `owner` and a recovery point of it.
async fn with_file_system() -> (TestConsole, Value) {
    let console = TestConsole::new().await;
    let scope = build::scope("111122223333", "eu-west-1");
    let files = build::resource(&scope, "shared files")
        .of(ResourceType::Efs, FILES)
        .tag("owner", "owner")
        .build();
    let point = build::point(&files, "p-1").build();
    let request = json!({
        "resource": FILES,
        "source": {"from": "recovery_point", "arn": point.arn, "vault": "Default"},
        "target_table": null,
        "metadata": {"newFileSystem": "false", "file-system-id": "fs-0live"},
        "service_role": null,
        "put_back": [],
        "reason": "",
    });
    let snapshot = ScopeSnapshot {
        vaults: vec![build::vault(&scope, "Default")],
        resources: vec![files],
        points: vec![point],
        ..ScopeSnapshot::default()
    };
    let now = console.services.clock.now();
    console
        .services
        .catalogue
        .apply_sync(&scope, &snapshot, now)
        .await
        .unwrap();
    (console, request)
}

async fn plan(client: &mut Client, request: &Value) -> Value {
    client
        .json("/api/v1/restores/plan", request)
        .await
        .expect(StatusCode::OK)
        .json()
}

#[tokio::test]
async fn a_restore_into_what_exists_starts_only_with_its_name() {
    let (console, request) = with_file_system().await;
    let mut operator = console.signed_in(Role::Operator).await;
    let shown = plan(&mut operator, &request).await;
    assert_eq!(shown["confirmation"], "fs-0live");
    assert_eq!(shown["destination"]["exists"], "yes");
    assert_eq!(shown["creates"], json!([]));
    assert!(shown["changes"][0].as_str().unwrap().contains("fs-0live"));
    let start = |confirmation: Value| json!({"request": request, "digest": shown["digest"], "confirmation": confirmation});
    for wrong in [json!(null), json!(""), json!("fs-0other")] {
        let answer = operator.json("/api/v1/restores", &start(wrong)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(
            answer.body.contains("must be exactly fs-0live"),
            "{}",
            answer.body
        );
    }
    operator
        .json("/api/v1/restores", &start(json!("fs-0live")))
        .await
        .expect(StatusCode::ACCEPTED);
}

#[tokio::test]
async fn an_owner_restores_their_own_into_something_new_only() {
    let (console, mut request) = with_file_system().await;
    let mut owner = console.signed_in(Role::Owner).await;
    let shown = plan(&mut owner, &request).await;
    let start = json!({"request": request, "digest": shown["digest"], "confirmation": "fs-0live"});
    owner
        .json("/api/v1/restores", &start)
        .await
        .expect(StatusCode::FORBIDDEN);
    request["metadata"] = json!({"newFileSystem": "true"});
    let shown = plan(&mut owner, &request).await;
    assert_eq!(shown["confirmation"], json!(null));
    let start = json!({"request": request, "digest": shown["digest"]});
    owner
        .json("/api/v1/restores", &start)
        .await
        .expect(StatusCode::ACCEPTED);
}
