use aws_credential_types::Credentials;
use aws_sdk_dynamodb::error::ProvideErrorMetadata as _;
use tidemark_sandbox::{CallFilter, RunningSandbox};

use crate::{ORDERS, TOOLING, root, sandbox, with};

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{
    "Effect":"Allow",
    "Principal":{"AWS":"arn:aws:iam::111111111111:root"},
    "Action":["sts:AssumeRole","sts:SetSourceIdentity"],
    "Condition":{"StringEquals":{"sts:ExternalId":"s3cret"}}}]}"#;

const ALL: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

async fn role(sandbox: &RunningSandbox) -> String {
    let iam = aws_sdk_iam::Client::new(&root(sandbox, ORDERS).await);
    let role = iam
        .create_role()
        .role_name("Console")
        .assume_role_policy_document(TRUST)
        .send()
        .await
        .unwrap();
    iam.put_role_policy()
        .role_name("Console")
        .policy_name("all")
        .policy_document(ALL)
        .send()
        .await
        .unwrap();
    role.role.unwrap().arn
}

#[tokio::test]
async fn a_session_policy_is_enforced_and_every_call_is_recorded() {
    let sandbox = sandbox().await;
    let role = role(&sandbox).await;
    let sts = aws_sdk_sts::Client::new(&root(&sandbox, TOOLING).await);
    let session = sts
        .assume_role()
        .role_arn(&role)
        .role_session_name("run-1")
        .external_id("s3cret")
        .source_identity("alice")
        .policy(r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:ListTables","Resource":"*"}]}"#)
        .send()
        .await
        .unwrap();
    let keys = session.credentials.unwrap();
    let credentials = Credentials::new(
        keys.access_key_id,
        keys.secret_access_key,
        Some(keys.session_token),
        None,
        "session",
    );
    let dynamodb = aws_sdk_dynamodb::Client::new(&with(&sandbox, credentials).await);

    dynamodb.list_tables().send().await.unwrap();
    let denied = dynamodb
        .describe_table()
        .table_name("orders")
        .send()
        .await
        .unwrap_err();
    assert_eq!(denied.code(), Some("AccessDeniedException"));

    let calls = sandbox.calls().list(&CallFilter {
        account: Some(ORDERS.to_owned()),
        service: Some("dynamodb".to_owned()),
        ..CallFilter::default()
    });
    let seen: Vec<_> = calls
        .iter()
        .map(|call| (call.action.as_str(), call.error_code.as_deref()))
        .collect();
    assert_eq!(
        seen,
        [
            ("ListTables", None),
            ("DescribeTable", Some("AccessDeniedException"))
        ]
    );
    for call in calls {
        assert_eq!(call.session_name.as_deref(), Some("run-1"));
        assert_eq!(call.source_identity.as_deref(), Some("alice"));
    }
}

#[tokio::test]
async fn a_wrong_external_id_is_refused_as_access_denied() {
    let sandbox = sandbox().await;
    let role = role(&sandbox).await;
    let sts = aws_sdk_sts::Client::new(&root(&sandbox, TOOLING).await);
    let refused = sts
        .assume_role()
        .role_arn(&role)
        .role_session_name("run-1")
        .external_id("guess")
        .send()
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some("AccessDenied"));
}
