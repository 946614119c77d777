use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value, json};
use tidemark_domain::{Arn, PutBack, RestoreRequest, RestoreSource, runs::RunId};
use tidemark_services::restore;

use super::says;
use crate::estate::{Estate, REGION, TABLE, VAULT, arn, operator};

pub(super) const BACK: &str = "orders-back";

pub(super) fn request(resource: Arn, source: RestoreSource) -> RestoreRequest {
    RestoreRequest {
        resource,
        source,
        target_table: Some(BACK.to_owned()),
        metadata: BTreeMap::new(),
        service_role: None,
        put_back: PutBack::ALL.into_iter().collect(),
        tags: None,
        confirmation: None,
        reason: "a bad deployment".to_owned(),
    }
}

pub(super) async fn start(estate: &Estate, request: RestoreRequest) -> RunId {
    let plan = restore::plan(&estate.services, &operator(), request)
        .await
        .unwrap();
    assert!(plan.can_start(), "{:?}", plan.checks);
    restore::start(&estate.services, &operator(), plan.request, &plan.digest)
        .await
        .unwrap()
}

/// The records were overwritten after the moment that is wanted.
async fn spoil(estate: &Estate) {
    estate.pass(90).await;
    estate.write(TABLE, 7, "spoiled").await;
    estate.pass(30).await;
    estate.read().await;
}

pub(super) async fn to_a_second(estate: &Estate) -> RunId {
    estate.make_table().await;
    let at = Timestamp::from_second(estate.sky.now().as_second()).unwrap();
    spoil(estate).await;
    start(
        estate,
        request(estate.table_arn(TABLE), RestoreSource::PointInTime { at }),
    )
    .await
}

pub(super) async fn from_a_dynamo_backup(estate: &Estate) -> RunId {
    estate.make_table().await;
    let of = json!({"TableName": TABLE, "BackupName": "by-hand"});
    let made = estate.call("dynamodb", "CreateBackup", of).await;
    let backup = arn(made["BackupDetails"]["BackupArn"].as_str().unwrap());
    spoil(estate).await;
    start(
        estate,
        request(
            estate.table_arn(TABLE),
            RestoreSource::DynamoDbBackup { arn: backup },
        ),
    )
    .await
}

pub(super) async fn from_a_table_point(estate: &Estate) -> RunId {
    estate.make_table().await;
    let point = estate.back_up(&estate.table_arn(TABLE)).await;
    spoil(estate).await;
    let source = RestoreSource::RecoveryPoint {
        arn: point,
        vault: VAULT.to_owned(),
    };
    start(estate, request(estate.table_arn(TABLE), source)).await
}

pub(super) async fn from_a_bucket_point(estate: &Estate) -> RunId {
    let name = format!("pictures-{}", estate.account);
    let s3 = async |operation: &str, input: Value| estate.call("s3", operation, input).await;
    s3(
        "CreateBucket",
        json!({
            "Bucket": name, "CreateBucketConfiguration": {"LocationConstraint": REGION},
        }),
    )
    .await;
    s3(
        "PutBucketVersioning",
        json!({
            "Bucket": name, "VersioningConfiguration": {"Status": "Enabled"},
        }),
    )
    .await;
    for key in ["a.txt", "b.txt"] {
        // In Base64, as the handler takes bodies.
        s3(
            "PutObject",
            json!({"Bucket": name, "Key": key, "__raw_body": "Z29vZA=="}),
        )
        .await;
    }
    let bucket = arn(format!("arn:aws:s3:::{name}"));
    let point = estate.back_up(&bucket).await;
    estate.read().await;
    let source = RestoreSource::RecoveryPoint {
        arn: point,
        vault: VAULT.to_owned(),
    };
    let prefill = restore::prefill(&estate.services, &operator(), &bucket, &source)
        .await
        .unwrap();
    // The prefill's own name has the time in it.
    let mut metadata = prefill.metadata;
    metadata.insert("DestinationBucketName".to_owned(), format!("{name}-back"));
    let request = RestoreRequest {
        target_table: None,
        metadata,
        put_back: BTreeSet::new(),
        ..request(bucket, source)
    };
    start(estate, request).await
}

pub(super) fn check_table(world: &Value) {
    let (back, source) = (&world["tables"][BACK], &world["tables"][TABLE]);
    assert_eq!(says(world, BACK), vec!["good"; 7]);
    assert_eq!(says(world, TABLE), vec!["spoiled"; 7]);
    assert_eq!(back["status"], "ACTIVE");
    for setting in [
        "stream",
        "protected",
        "recovery",
        "tags",
        "time to live",
        "scaling",
    ] {
        assert_eq!(back[setting], source[setting], "{setting} was not put back");
    }
}

pub(super) fn check_bucket(world: &Value) {
    let buckets = world["buckets"].as_object().unwrap();
    assert_eq!(buckets.len(), 2, "{buckets:?}");
    for (name, bucket) in buckets {
        assert_eq!(bucket["keys"], json!(["a.txt", "b.txt"]), "{name}");
    }
}
