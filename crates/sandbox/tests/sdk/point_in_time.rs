use std::collections::BTreeMap;

use aws_sdk_dynamodb::{
    Client,
    error::ProvideErrorMetadata as _,
    primitives::DateTime,
    types::{
        AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
        PointInTimeRecoverySpecification, ScalarAttributeType,
    },
};
use jiff::SignedDuration;
use tidemark_sandbox::RunningSandbox;

use crate::{ORDERS, root, sandbox};

async fn table(sandbox: &RunningSandbox) -> Client {
    let dynamodb = Client::new(&root(sandbox, ORDERS).await);
    dynamodb
        .create_table()
        .table_name("orders")
        .billing_mode(BillingMode::PayPerRequest)
        .key_schema(
            KeySchemaElement::builder()
                .attribute_name("id")
                .key_type(KeyType::Hash)
                .build()
                .unwrap(),
        )
        .attribute_definitions(
            AttributeDefinition::builder()
                .attribute_name("id")
                .attribute_type(ScalarAttributeType::S)
                .build()
                .unwrap(),
        )
        .send()
        .await
        .unwrap();
    dynamodb
        .update_continuous_backups()
        .table_name("orders")
        .point_in_time_recovery_specification(
            PointInTimeRecoverySpecification::builder()
                .point_in_time_recovery_enabled(true)
                .build()
                .unwrap(),
        )
        .send()
        .await
        .unwrap();
    dynamodb
}

async fn put(dynamodb: &Client, id: &str, value: &str) {
    dynamodb
        .put_item()
        .table_name("orders")
        .item("id", AttributeValue::S(id.to_owned()))
        .item("value", AttributeValue::S(value.to_owned()))
        .send()
        .await
        .unwrap();
}

async fn contents(dynamodb: &Client, table: &str) -> BTreeMap<String, String> {
    let found = dynamodb.scan().table_name(table).send().await.unwrap();
    found
        .items()
        .iter()
        .map(|item| {
            (
                item["id"].as_s().unwrap().clone(),
                item["value"].as_s().unwrap().clone(),
            )
        })
        .collect()
}

#[tokio::test]
async fn a_table_is_restored_to_the_second_asked_for() {
    let sandbox = sandbox().await;
    let clock = sandbox.clock();
    let dynamodb = table(&sandbox).await;
    put(&dynamodb, "a", "old").await;
    put(&dynamodb, "b", "old").await;
    clock.advance(SignedDuration::from_hours(24));
    let yesterday = clock.now();
    clock.advance(SignedDuration::from_hours(24));
    put(&dynamodb, "a", "new").await;
    dynamodb
        .delete_item()
        .table_name("orders")
        .key("id", AttributeValue::S("b".to_owned()))
        .send()
        .await
        .unwrap();
    clock.advance(SignedDuration::from_secs(5));

    dynamodb
        .restore_table_to_point_in_time()
        .source_table_name("orders")
        .target_table_name("restored")
        .restore_date_time(DateTime::from_secs(yesterday.as_second()))
        .send()
        .await
        .unwrap();

    let old = |id: &str| (id.to_owned(), "old".to_owned());
    assert_eq!(
        contents(&dynamodb, "restored").await,
        BTreeMap::from([old("a"), old("b")])
    );
    assert_eq!(
        contents(&dynamodb, "orders").await,
        BTreeMap::from([("a".to_owned(), "new".to_owned())])
    );
}

#[tokio::test]
async fn a_second_in_the_future_is_refused() {
    let sandbox = sandbox().await;
    let dynamodb = table(&sandbox).await;
    let tomorrow = sandbox.clock().now().as_second() + 86_400;
    let refused = dynamodb
        .restore_table_to_point_in_time()
        .source_table_name("orders")
        .target_table_name("restored")
        .restore_date_time(DateTime::from_secs(tomorrow))
        .send()
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some("InvalidRestoreTimeException"));
}
