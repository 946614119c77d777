//! What there is in the simulated AWS, without what differs from life to life.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    estate::{REGION, VAULT},
    sky::Sky,
};

/// Tables with their records and settings, buckets, plans, recovery points by resource, jobs by status.
pub(crate) async fn observe(sky: &Sky, accounts: &[String]) -> Value {
    let mut seen = Vec::new();
    for account in accounts {
        let world = json!({
            "tables": tables(sky, account).await,
            "buckets": buckets(sky, account).await,
            "backup": backup(sky, account).await,
        });
        seen.push(world);
    }
    let mut text = json!(seen).to_string();
    for (number, account) in accounts.iter().enumerate() {
        text = text.replace(account, &format!("account-{number}"));
    }
    in_order(serde_json::from_str(&text).unwrap())
}

/// The same with the members of objects by name: those of an item come in any order.
fn in_order(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let members: BTreeMap<String, Value> = map.into_iter().collect();
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(name, value)| (name, in_order(value)))
                    .collect(),
            )
        }
        Value::Array(list) => Value::Array(list.into_iter().map(in_order).collect()),
        value => value,
    }
}

/// Where two worlds differ.
pub(crate) fn difference(path: &str, wanted: &Value, seen: &Value, found: &mut Vec<String>) {
    match (wanted, seen) {
        (Value::Object(wanted), Value::Object(seen)) => {
            let names: BTreeSet<&String> = wanted.keys().chain(seen.keys()).collect();
            for name in names {
                let of = |map: &serde_json::Map<String, Value>| {
                    map.get(name).cloned().unwrap_or_default()
                };
                difference(&format!("{path}/{name}"), &of(wanted), &of(seen), found);
            }
        }
        (Value::Array(wanted), Value::Array(seen)) if wanted.len() == seen.len() => {
            for (number, (wanted, seen)) in wanted.iter().zip(seen).enumerate() {
                difference(&format!("{path}/{number}"), wanted, seen, found);
            }
        }
        _ if wanted == seen => {}
        _ => found.push(format!("{path}: {wanted} undisturbed, {seen} now")),
    }
}

async fn tables(sky: &Sky, account: &str) -> Value {
    let call = async |operation: &str, input| sky.call(account, "dynamodb", operation, input).await;
    let mut seen = json!({});
    let names = call("ListTables", json!({})).await["TableNames"].clone();
    for name in names.as_array().unwrap() {
        let one = json!({"TableName": name});
        let table = call("DescribeTable", one.clone()).await["Table"].clone();
        let mut items = call("Scan", one.clone()).await["Items"]
            .as_array()
            .unwrap()
            .clone();
        items.sort_by_key(|item| item["id"].to_string());
        let recovery = call("DescribeContinuousBackups", one.clone()).await;
        let recovery = &recovery["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
        let mut tags = call(
            "ListTagsOfResource",
            json!({"ResourceArn": table["TableArn"]}),
        )
        .await["Tags"]
            .clone();
        tags.as_array_mut().unwrap().sort_by_key(Value::to_string);
        let lives = call("DescribeTimeToLive", one).await["TimeToLiveDescription"].clone();
        let resource = format!("table/{}", name.as_str().unwrap());
        seen[name.as_str().unwrap()] = json!({
            "status": table["TableStatus"],
            "stream": table["StreamSpecification"],
            "protected": table["DeletionProtectionEnabled"],
            "items": items,
            "recovery": [recovery["PointInTimeRecoveryStatus"], recovery["RecoveryPeriodInDays"]],
            "tags": tags,
            "time to live": lives,
            "scaling": scaling(sky, account, &resource).await,
        });
    }
    seen
}

async fn scaling(sky: &Sky, account: &str, resource: &str) -> Value {
    let of = json!({"ServiceNamespace": "dynamodb", "ResourceIds": [resource]});
    let targets = sky
        .call(
            account,
            "application-autoscaling",
            "DescribeScalableTargets",
            of,
        )
        .await;
    let of = json!({"ServiceNamespace": "dynamodb", "ResourceId": resource});
    let policies = sky
        .call(
            account,
            "application-autoscaling",
            "DescribeScalingPolicies",
            of,
        )
        .await;
    let targets: Vec<Value> = targets["ScalableTargets"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|t| json!([t["ScalableDimension"], t["MinCapacity"], t["MaxCapacity"]]))
        .collect();
    let policies: Vec<Value> = policies["ScalingPolicies"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|p| p["ResourceId"] == resource)
        .map(|p| {
            json!([
                p["PolicyName"],
                p["TargetTrackingScalingPolicyConfiguration"]["TargetValue"]
            ])
        })
        .collect();
    json!({"targets": targets, "policies": policies})
}

async fn buckets(sky: &Sky, account: &str) -> Value {
    let found = sky
        .sandbox
        .invoke(account, REGION, "s3", "ListBuckets", json!({}))
        .await;
    let mut seen = json!({});
    let mut names = Vec::new();
    texts(&found.unwrap_or_default(), "Name", &mut names);
    for name in names {
        let of = json!({"Bucket": name});
        let versioning = sky
            .call(account, "s3", "GetBucketVersioning", of.clone())
            .await;
        // Of a bucket without a policy this is an error.
        let policy = sky
            .sandbox
            .invoke(account, REGION, "s3", "GetBucketPolicy", of.clone())
            .await;
        let list = sky.call(account, "s3", "ListObjectsV2", of).await;
        let mut keys = Vec::new();
        texts(&list, "Key", &mut keys);
        // Objects of a record-level backup are named after what differs; those of other buckets are not.
        if name.starts_with("tidemark-records-") {
            keys.retain(|key| key.ends_with("index.json"));
        }
        seen[name] = json!({
            "versioning": versioning.to_string().contains("Enabled"),
            "policy": policy.ok().and_then(|answer| statements(&answer)),
            "keys": keys,
        });
    }
    seen
}

/// The statements of a bucket's policy, without their ids: those are made from the bucket's name.
fn statements(answer: &Value) -> Option<Value> {
    let text = STANDARD.decode(answer["__raw_body"].as_str()?).ok()?;
    let mut policy: Value = serde_json::from_slice(&text).ok()?;
    for statement in policy["Statement"].as_array_mut()? {
        statement.as_object_mut()?.remove("Sid");
    }
    Some(policy["Statement"].clone())
}

/// Every text under a name, anywhere.
fn texts(value: &Value, name: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(text) if key == name => found.push(text.clone()),
                    value => texts(value, name, found),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| texts(value, name, found)),
        _ => {}
    }
}

async fn backup(sky: &Sky, account: &str) -> Value {
    let invoke = async |operation: &str, input| {
        sky.sandbox
            .invoke(account, REGION, "backup", operation, input)
            .await
            .unwrap_or_default()
    };
    let list = |answer: &Value, name: &str| answer[name].as_array().cloned().unwrap_or_default();
    let backups = list(&invoke("ListBackupJobs", json!({})).await, "BackupJobs");
    let mut jobs: Vec<Value> = backups
        .iter()
        .map(|job| json!([job["State"], job["ResourceArn"]]))
        .collect();
    let restores = list(&invoke("ListRestoreJobs", json!({})).await, "RestoreJobs");
    jobs.extend(
        restores
            .iter()
            .map(|job| json!([job["Status"], job["ResourceType"]])),
    );
    jobs.sort_by_key(Value::to_string);
    let points = invoke(
        "ListRecoveryPointsByBackupVault",
        json!({"backupVaultName": VAULT, "maxResults": 1000}),
    )
    .await;
    let mut points: Vec<Value> = list(&points, "RecoveryPoints")
        .iter()
        .map(|point| json!([point["ResourceArn"], point["Status"], point["Lifecycle"]]))
        .collect();
    points.sort_by_key(Value::to_string);
    let mut plans = Vec::new();
    for plan in list(
        &invoke("ListBackupPlans", json!({})).await,
        "BackupPlansList",
    ) {
        let of = json!({"backupPlanId": plan["BackupPlanId"]});
        let selections = list(
            &invoke("ListBackupSelections", of).await,
            "BackupSelectionsList",
        );
        let names: Vec<Value> = selections
            .iter()
            .map(|s| s["SelectionName"].clone())
            .collect();
        plans.push(json!([plan["BackupPlanName"], names]));
    }
    json!({"jobs": jobs, "points": points, "plans": plans})
}
