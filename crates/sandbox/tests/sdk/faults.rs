use std::time::Duration;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use tidemark_sandbox::{CallFilter, FaultKind, FaultRule, RunningSandbox};

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

#[tokio::test]
async fn a_call_whose_answer_is_lost_has_had_its_effect() {
    let sandbox = sandbox().await;
    let s3 = client(&sandbox).await;
    sandbox.faults().add(FaultRule {
        service: Some("s3".to_owned()),
        ..rule(FaultKind::LostAnswer)
    });
    let lost = s3
        .create_bucket()
        .bucket("kept-all-the-same")
        .create_bucket_configuration(here())
        .send()
        .await
        .unwrap_err();
    assert!(matches!(lost, SdkError::DispatchFailure(_)), "{lost:?}");
    s3.head_bucket()
        .bucket("kept-all-the-same")
        .send()
        .await
        .unwrap();
    let calls = sandbox.calls().list(&CallFilter::default());
    assert_eq!(calls[0].status, 200, "{calls:?}");
}

#[tokio::test]
async fn a_call_goes_on_when_its_caller_has_given_up() {
    let sandbox = sandbox().await;
    let s3 = client(&sandbox).await;
    let late = FaultKind::Latency { latency_ms: 300 };
    sandbox.faults().add(FaultRule {
        service: Some("s3".to_owned()),
        ..rule(late)
    });
    let asked = s3
        .create_bucket()
        .bucket("late")
        .create_bucket_configuration(here())
        .send();
    let waited = tokio::time::timeout(Duration::from_millis(100), asked).await;
    assert!(waited.is_err(), "the answer came at once");
    tokio::time::sleep(Duration::from_millis(600)).await;
    s3.head_bucket().bucket("late").send().await.unwrap();
}

#[tokio::test]
async fn expired_credentials_are_refused_as_each_service_words_it() {
    let sandbox = sandbox().await;
    sandbox.faults().add(FaultRule {
        service: None,
        count: None,
        ..rule(FaultKind::ExpiredCredentials)
    });
    let config = root(&sandbox, ORDERS).await;
    let table = aws_sdk_dynamodb::Client::new(&config).list_tables().send();
    assert_eq!(
        table.await.unwrap_err().code(),
        Some("ExpiredTokenException")
    );
    let role = aws_sdk_iam::Client::new(&config).list_roles().send();
    assert_eq!(role.await.unwrap_err().code(), Some("ExpiredToken"));
    let buckets = client(&sandbox).await.list_buckets().send().await;
    assert_eq!(buckets.unwrap_err().code(), Some("ExpiredToken"));
}

async fn client(sandbox: &RunningSandbox) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::config::Builder::from(&root(sandbox, ORDERS).await)
        .force_path_style(true)
        .build();
    aws_sdk_s3::Client::from_conf(config)
}

fn here() -> CreateBucketConfiguration {
    CreateBucketConfiguration::builder()
        .location_constraint(BucketLocationConstraint::EuWest1)
        .build()
}
