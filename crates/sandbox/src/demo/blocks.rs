//! Backups of two block storage clusters: folders by cluster, volume and snapshot, increments that build on each other, and
//! one footer that is damaged. The layout is the vendor's, as far as its documentation tells; names of files and members,
//! which it does not tell, are made up.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use rand::Rng as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    accounts::{FRANKFURT, IRELAND, MEDIA, RECOVERY},
    seeder::Seeder,
};
use crate::error::SandboxError;

/// The bucket that the clusters write to.
const BUCKET: &str = "backups-blockstore-333333333333";
/// A bucket in another account and Region, for a copy.
const COPIES: &str = "backups-blockstore-dr-444444444444";

/// A volume: its cluster, its name, how many snapshots it has, which of them has a damaged footer.
const VOLUMES: &[(&str, &str, u64, Option<u64>)] = &[
    ("cluster-ireland-1", "db-primary", 4, None),
    ("cluster-ireland-1", "logs", 3, Some(1)),
    ("cluster-ireland-2", "analytics", 2, None),
];

/// Makes both buckets, and a year's worth of what lies in the first.
pub(super) async fn make(seeder: &Seeder<'_>, now: Timestamp) -> Result<(), SandboxError> {
    for (account, region, bucket) in [(&MEDIA, IRELAND, BUCKET), (&RECOVERY, FRANKFURT, COPIES)] {
        let s3 = async |operation: &str, input| {
            seeder.call(account, region, "s3", operation, input).await
        };
        s3(
            "CreateBucket",
            json!({
                "Bucket": bucket,
                "CreateBucketConfiguration": {"LocationConstraint": region},
            }),
        )
        .await?;
        s3(
            "PutBucketTagging",
            json!({"Bucket": bucket, "Tagging": {"TagSet": {"Tag": [
                {"Key": "team", "Value": "storage"},
                {"Key": "backup", "Value": "never"},
            ]}}}),
        )
        .await?;
    }
    // The role of the other account may read, so that it can make a copy.
    let policy = json!({"Version": "2012-10-17", "Statement": [{
        "Sid": "CopyForDisasterRecovery",
        "Effect": "Allow",
        "Principal": {"AWS": RECOVERY.role_arn},
        "Action": ["s3:ListBucket", "s3:GetObject", "s3:GetObjectTagging", "s3:GetBucketLocation"],
        "Resource": [format!("arn:aws:s3:::{BUCKET}"), format!("arn:aws:s3:::{BUCKET}/*")],
    }]});
    seeder
        .call(
            &MEDIA,
            IRELAND,
            "s3",
            "PutBucketPolicy",
            json!({"Bucket": BUCKET, "__raw_body": STANDARD.encode(policy.to_string())}),
        )
        .await?;
    // Somebody has set a rule that takes what increments build on.
    seeder
        .call(
            &MEDIA,
            IRELAND,
            "s3",
            "PutBucketLifecycleConfiguration",
            json!({"Bucket": BUCKET, "LifecycleConfiguration": {"Rule": [{
                "ID": "tidy-up",
                "Status": "Enabled",
                "Filter": {"Prefix": ""},
                "Expiration": {"Days": "365"},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": "7"},
            }]}}),
        )
        .await?;
    for (number, volume) in (0..).zip(VOLUMES) {
        snapshots(seeder, number, volume, now).await?;
    }
    for cluster in ["cluster-ireland-1", "cluster-ireland-2"] {
        let db = json!({"cluster": cluster, "backups": VOLUMES.len()});
        put(
            seeder,
            &format!("{cluster}/Backups_db/db.json"),
            &db.to_string(),
        )
        .await?;
    }
    Ok(())
}

async fn snapshots(
    seeder: &Seeder<'_>,
    number: u64,
    (cluster, volume, count, damaged): &(&str, &str, u64, Option<u64>),
    now: Timestamp,
) -> Result<(), SandboxError> {
    let mut rng = seeder.rng("blocks", number);
    let mut id = || Uuid::from_u128(rng.random());
    let (cluster_id, volume_id) = (id(), id());
    let ids: Vec<(Uuid, Uuid)> = (0..*count).map(|_| (id(), id())).collect();
    for (at, (snapshot, backup)) in (0_u64..).zip(&ids) {
        let folder = format!("{cluster}/{volume_id}/{snapshot}");
        let days = i64::try_from(count - at).unwrap_or(1);
        let started = now - SignedDuration::from_hours(24 * days);
        let data: String = format!("{volume}, snapshot {at}\n")
            .chars()
            .cycle()
            .take(if at == 0 { 16_384 } else { 4_096 })
            .collect();
        let header = json!({
            "size": data.len(), "startTime": started, "snapshotUUID": snapshot,
            "clusterUUID": cluster_id, "originVolumeName": volume, "backupUUID": backup,
            "version": 1, "encryption": false,
        });
        let digest = hex::encode(Sha256::digest(&data));
        let footer = if *damaged == Some(at) {
            // Cut off in the middle.
            format!(
                "{{\"size\": {}, \"sha256\": \"{}",
                data.len(),
                &digest[..20]
            )
        } else {
            json!({"size": data.len(), "sha256": digest}).to_string()
        };
        put(
            seeder,
            &format!("{folder}/Header/header.json"),
            &header.to_string(),
        )
        .await?;
        put(seeder, &format!("{folder}/Data/000000"), &data).await?;
        let vector = vector(&ids, at, data.len());
        put(
            seeder,
            &format!("{folder}/Vector/vector.json"),
            &vector.to_string(),
        )
        .await?;
        put(seeder, &format!("{folder}/Footer/footer.json"), &footer).await?;
    }
    Ok(())
}

/// Where each range comes from: the first part from this snapshot, the rest from the one before.
fn vector(ids: &[(Uuid, Uuid)], at: u64, length: usize) -> Value {
    let at = usize::try_from(at).unwrap_or_default();
    let mut ranges = vec![json!({"offset": 0, "length": length, "snapshot": ids[at].0})];
    if let Some((before, _)) = at.checked_sub(1).and_then(|before| ids.get(before)) {
        ranges.push(json!({"offset": length, "length": 12_288, "snapshot": before}));
    }
    json!({ "ranges": ranges })
}

async fn put(seeder: &Seeder<'_>, key: &str, body: &str) -> Result<(), SandboxError> {
    let input = json!({
        "Bucket": BUCKET,
        "Key": key,
        "ContentType": "application/json",
        "__raw_body": STANDARD.encode(body),
    });
    seeder
        .call(&MEDIA, IRELAND, "s3", "PutObject", input)
        .await?;
    Ok(())
}
