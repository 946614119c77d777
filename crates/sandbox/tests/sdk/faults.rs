use aws_sdk_dynamodb::error::{ProvideErrorMetadata as _, SdkError};
use tidemark_sandbox::{FaultKind, FaultRule};

use crate::{ORDERS, root, sandbox};

fn rule(kind: FaultKind) -> FaultRule {
    FaultRule {
        id: 0,
        service: Some("dynamodb".to_owned()),
        account: Some(ORDERS.to_owned()),
        region: None,
        action: None,
        kind,
        probability: None,
        count: Some(1),
    }
}

#[tokio::test]
async fn a_throttled_call_fails_once_under_the_services_code() {
    let sandbox = sandbox().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&root(&sandbox, ORDERS).await);
    sandbox.faults().add(rule(FaultKind::Throttle));
    let throttled = dynamodb.list_tables().send().await.unwrap_err();
    assert_eq!(throttled.code(), Some("ThrottlingException"));
    dynamodb.list_tables().send().await.unwrap();
}

#[tokio::test]
async fn a_dropped_connection_reaches_the_client_as_no_answer() {
    let sandbox = sandbox().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&root(&sandbox, ORDERS).await);
    sandbox.faults().add(rule(FaultKind::Drop));
    let dropped = dynamodb.list_tables().send().await.unwrap_err();
    assert!(
        matches!(dropped, SdkError::DispatchFailure(_)),
        "{dropped:?}"
    );
}
