#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    accounts::{DENYING, DemoAccount, FRANKFURT, IRELAND, MEDIA, ORDERS, RECOVERY, TOOLING},
    demo_accounts,
    tables::ORDER_COUNT,
};
use crate::{Estate, RunningSandbox, Sandbox, SandboxConfig};

async fn demo() -> RunningSandbox {
    Sandbox::start(SandboxConfig {
        estate: Estate::Demo { seed: 7 },
        ..SandboxConfig::default()
    })
    .await
    .unwrap()
}

/// Every item of a list in Backup, over all its pages.
async fn all(
    sandbox: &RunningSandbox,
    account: &DemoAccount,
    region: &str,
    operation: &str,
    input: Value,
) -> Vec<Value> {
    let mut items = Vec::new();
    let mut input = input;
    loop {
        let page = sandbox
            .invoke(
                account.account_id,
                region,
                "backup",
                operation,
                input.clone(),
            )
            .await
            .unwrap();
        for value in page.as_object().unwrap().values() {
            items.extend(value.as_array().into_iter().flatten().cloned());
        }
        match page.get("NextToken") {
            Some(token) => input["nextToken"] = token.clone(),
            None => return items,
        }
    }
}

async fn points(
    sandbox: &RunningSandbox,
    account: &DemoAccount,
    region: &str,
    vault: &str,
) -> Vec<Value> {
    all(
        sandbox,
        account,
        region,
        "ListRecoveryPointsByBackupVault",
        json!({"backupVaultName": vault}),
    )
    .await
}

fn values<'a>(items: &'a [Value], member: &str) -> BTreeSet<&'a str> {
    items
        .iter()
        .filter_map(|item| item[member].as_str())
        .collect()
}

async fn count(sandbox: &RunningSandbox, account: &DemoAccount, region: &str, table: &str) -> u64 {
    let mut total = 0;
    let mut input = json!({"TableName": table, "Select": "COUNT"});
    loop {
        let page = sandbox
            .invoke(
                account.account_id,
                region,
                "dynamodb",
                "Scan",
                input.clone(),
            )
            .await
            .unwrap();
        total += page["Count"].as_u64().unwrap();
        match page.get("LastEvaluatedKey") {
            Some(key) if !key.is_null() => input["ExclusiveStartKey"] = key.clone(),
            _ => return total,
        }
    }
}

/// Restores a point and answers the ARN of what was made.
async fn restore(
    sandbox: &RunningSandbox,
    account: &DemoAccount,
    region: &str,
    vault: &str,
    point: &Value,
    changes: Value,
) -> String {
    let backup = async |operation: &str, input| {
        sandbox
            .invoke(account.account_id, region, "backup", operation, input)
            .await
            .unwrap()
    };
    let arn = &point["RecoveryPointArn"];
    let mut metadata = backup(
        "GetRecoveryPointRestoreMetadata",
        json!({"backupVaultName": vault, "recoveryPointArn": arn}),
    )
    .await["RestoreMetadata"]
        .take();
    for (key, value) in changes.as_object().unwrap() {
        metadata[key] = value.clone();
    }
    let started = backup(
        "StartRestoreJob",
        json!({"RecoveryPointArn": arn, "Metadata": metadata, "IamRoleArn": account.backup_role_arn()}),
    )
    .await;
    let deadline = Instant::now() + Duration::from_secs(90);
    loop {
        let job = backup(
            "DescribeRestoreJob",
            json!({"restoreJobId": started["RestoreJobId"]}),
        )
        .await;
        match job["Status"].as_str() {
            Some("COMPLETED") => return job["CreatedResourceArn"].as_str().unwrap().to_owned(),
            Some("FAILED") => panic!("{}", job["StatusMessage"]),
            _ => assert!(Instant::now() < deadline, "{job}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn days_old(point: &Value) -> i64 {
    let created = point["CreationDate"].as_f64().unwrap();
    let age = Timestamp::now().as_duration().as_secs_f64() - created;
    SignedDuration::from_secs_f64(age).as_hours() / 24
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_holds_every_kind_of_point_and_job() {
    let sandbox = demo().await;

    let main = points(&sandbox, &ORDERS, IRELAND, "orders-main").await;
    assert!(main.len() > 700, "{}", main.len());
    let mut classes = BTreeSet::new();
    for point in main.iter().step_by(40) {
        let described = sandbox
            .invoke(
                ORDERS.account_id,
                IRELAND,
                "backup",
                "DescribeRecoveryPoint",
                json!({"backupVaultName": "orders-main", "recoveryPointArn": point["RecoveryPointArn"]}),
            )
            .await
            .unwrap();
        classes.insert(described["StorageClass"].as_str().unwrap().to_owned());
    }
    assert_eq!(classes.into_iter().collect::<Vec<_>>(), ["COLD", "WARM"]);
    assert!(
        values(&main, "Status").contains("EXPIRED"),
        "held points expire in name only"
    );
    assert!(
        main.iter().all(|point| days_old(point) <= 390),
        "older ones were pruned, or are held"
    );

    let archive = points(&sandbox, &ORDERS, IRELAND, "orders-archive").await;
    assert!(archive.iter().any(|point| days_old(point) > 390));
    let copies = points(&sandbox, &RECOVERY, FRANKFURT, "dr-locked").await;
    assert!(copies.len() > 12, "{}", copies.len());
    let continuous = points(&sandbox, &MEDIA, IRELAND, "media-continuous").await;
    assert!(values(&continuous, "Status").contains("AVAILABLE"));

    let jobs = all(&sandbox, &MEDIA, IRELAND, "ListBackupJobs", json!({})).await;
    let states = values(&jobs, "State");
    for state in ["COMPLETED", "EXPIRED", "FAILED"] {
        assert!(states.contains(state), "{states:?}");
    }
    let copy_jobs = all(
        &sandbox,
        &MEDIA,
        IRELAND,
        "ListCopyJobs",
        json!({"state": "FAILED"}),
    )
    .await;
    assert!(
        copy_jobs[0]["StatusMessage"]
            .as_str()
            .unwrap()
            .contains("Access Denied trying to call AWS Backup service")
    );
    let holds = all(&sandbox, &ORDERS, IRELAND, "ListLegalHolds", json!({})).await;
    assert_eq!(values(&holds, "Status"), BTreeSet::from(["ACTIVE"]));
    sandbox.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_come_back_from_old_points_from_copies_and_from_any_second() {
    let sandbox = demo().await;
    assert_eq!(
        count(&sandbox, &ORDERS, IRELAND, "orders").await,
        ORDER_COUNT
    );

    let orders = |points: Vec<Value>| -> Vec<Value> {
        points
            .into_iter()
            .filter(|point| point["ResourceName"] == "orders")
            .collect()
    };
    let main = orders(points(&sandbox, &ORDERS, IRELAND, "orders-main").await);
    let old = main.iter().find(|point| days_old(point) > 210).unwrap();
    restore(
        &sandbox,
        &ORDERS,
        IRELAND,
        "orders-main",
        old,
        json!({"targetTableName": "orders-old"}),
    )
    .await;
    assert_eq!(
        count(&sandbox, &ORDERS, IRELAND, "orders-old").await,
        ORDER_COUNT * 60 / 100
    );

    let copies = orders(points(&sandbox, &RECOVERY, FRANKFURT, "dr-locked").await);
    restore(
        &sandbox,
        &RECOVERY,
        FRANKFURT,
        "dr-locked",
        &copies[0],
        json!({"targetTableName": "orders-rescued"}),
    )
    .await;
    assert!(count(&sandbox, &RECOVERY, FRANKFURT, "orders-rescued").await > ORDER_COUNT * 95 / 100);

    let five_days_ago = Timestamp::now() - SignedDuration::from_hours(5 * 24);
    sandbox
        .invoke(
            ORDERS.account_id,
            IRELAND,
            "dynamodb",
            "RestoreTableToPointInTime",
            json!({
                "SourceTableName": "orders",
                "TargetTableName": "orders-five-days-ago",
                "RestoreDateTime": five_days_ago.as_second(),
            }),
        )
        .await
        .unwrap();
    let expected = ORDER_COUNT * 99 / 100 + 60;
    let deadline = Instant::now() + Duration::from_mins(1);
    while count(&sandbox, &ORDERS, IRELAND, "orders-five-days-ago").await != expected {
        assert!(
            Instant::now() < deadline,
            "the withdrawn orders are not back"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    sandbox.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn disks_databases_and_buckets_come_back_as_they_were() {
    let sandbox = demo().await;
    let main = points(&sandbox, &MEDIA, IRELAND, "media-main").await;
    let of = |resource_type: &str, age: i64| -> Value {
        main.iter()
            .find(|point| point["ResourceType"] == resource_type && days_old(point) >= age)
            .cloned()
            .unwrap_or_else(|| panic!("no {resource_type} point of {age} days"))
    };
    let round =
        |content: &[u8]| serde_json::from_slice::<Value>(content).unwrap()["round"].as_u64();
    let contents = sandbox.contents();

    let volume = of("EBS", 20);
    let made = restore(
        &sandbox,
        &MEDIA,
        IRELAND,
        "media-main",
        &volume,
        json!({"availabilityZone": "eu-west-1b"}),
    )
    .await;
    assert_eq!(round(&contents.read(&made)), Some(5));

    let database = of("RDS", 20);
    let made = restore(
        &sandbox,
        &MEDIA,
        IRELAND,
        "media-main",
        &database,
        json!({"DBInstanceIdentifier": "rescued-db"}),
    )
    .await;
    assert_eq!(round(&contents.read(&made)), Some(5));

    let disk = of("EFS", 20);
    let made = restore(
        &sandbox,
        &MEDIA,
        IRELAND,
        "media-main",
        &disk,
        json!({"newFileSystem": "true"}),
    )
    .await;
    let files: Value = serde_json::from_slice(&contents.read(&made)).unwrap();
    assert_eq!(files["/spool/state.json"], r#"{"round":5}"#);

    let bucket = of("S3", 20);
    restore(
        &sandbox,
        &MEDIA,
        IRELAND,
        "media-main",
        &bucket,
        json!({"DestinationBucketName": "rescued-originals", "NewBucket": "true"}),
    )
    .await;
    let listed = sandbox
        .invoke(
            MEDIA.account_id,
            IRELAND,
            "s3",
            "ListObjectsV2",
            json!({"Bucket": "rescued-originals"}),
        )
        .await
        .unwrap()
        .to_string();
    assert!(listed.contains("clips/05/clip-000.txt"), "{listed}");
    assert!(!listed.contains("clips/06/clip-000.txt"), "{listed}");
    sandbox.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_has_a_record_level_backup_in_the_older_layout() {
    let sandbox = demo().await;
    let listed = sandbox
        .invoke(
            ORDERS.account_id,
            IRELAND,
            "s3",
            "ListObjectsV2",
            json!({"Bucket": super::records::BUCKET, "Prefix": super::records::PREFIX}),
        )
        .await
        .unwrap();
    let keys = format!("{}/", super::records::PREFIX);
    assert_eq!(listed.to_string().matches(&keys).count(), 300);
    assert_eq!(
        count(&sandbox, &ORDERS, FRANKFURT, "orders-staging").await,
        300
    );
    sandbox.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_consoles_account_may_assume_every_role_but_that_of_the_denying_account() {
    let sandbox = demo().await;
    for account in demo_accounts() {
        let assumed = sandbox
            .invoke(
                TOOLING.account_id,
                IRELAND,
                "sts",
                "AssumeRole",
                json!({
                    "RoleArn": account.role_arn,
                    "RoleSessionName": "test",
                    "ExternalId": account.external_id,
                }),
            )
            .await;
        assert_eq!(
            assumed.is_ok(),
            *account != DENYING,
            "{}: {assumed:?}",
            account.name
        );
    }
    sandbox.shutdown().await.unwrap();
}
