use base64::{Engine as _, engine::general_purpose::STANDARD};
use rand::Rng;
use serde_json::json;

use super::{
    accounts::{DemoAccount, IRELAND, MEDIA, ORDERS, TOOLING},
    records,
    seeder::Seeder,
};
use crate::error::SandboxError;

/// Account, name, team, whether plans take it.
const BUCKETS: &[(DemoAccount, &str, &str, &str)] = &[
    (MEDIA, "media-originals-333333333333", "media", "nightly"),
    (MEDIA, "media-exports-333333333333", "media", "never"),
    (ORDERS, records::BUCKET, "checkout", "never"),
    (
        TOOLING,
        "tidemark-manifests-111111111111",
        "platform",
        "never",
    ),
];

/// The bucket whose objects change.
const ORIGINALS: &str = "media-originals-333333333333";

/// Makes the buckets, versioned and empty.
pub(super) async fn make(seeder: &Seeder<'_>) -> Result<(), SandboxError> {
    for (account, name, team, backup) in BUCKETS {
        let s3 = async |operation: &str, input| {
            seeder.call(account, IRELAND, "s3", operation, input).await
        };
        s3(
            "CreateBucket",
            json!({
                "Bucket": name,
                "CreateBucketConfiguration": {"LocationConstraint": IRELAND},
            }),
        )
        .await?;
        s3(
            "PutBucketVersioning",
            json!({"Bucket": name, "VersioningConfiguration": {"Status": "Enabled"}}),
        )
        .await?;
        s3(
            "PutBucketTagging",
            json!({"Bucket": name, "Tagging": {"TagSet": {"Tag": [
                {"Key": "team", "Value": team},
                {"Key": "backup", "Value": backup},
            ]}}}),
        )
        .await?;
    }
    Ok(())
}

/// Writes new objects, new versions of some old ones, and takes a few away.
pub(super) async fn change(seeder: &Seeder<'_>, round: u64) -> Result<(), SandboxError> {
    let mut rng = seeder.rng("objects", round);
    for n in 0..12 {
        put(
            seeder,
            &format!("clips/{round:02}/clip-{n:03}.txt"),
            round,
            rng.random_range(200..4_000),
        )
        .await?;
        if round > 0 && n < 4 {
            let earlier = rng.random_range(0..round);
            put(
                seeder,
                &format!("clips/{earlier:02}/clip-{n:03}.txt"),
                round,
                rng.random_range(200..4_000),
            )
            .await?;
        }
    }
    put(seeder, "catalogue.json", round, 1_500).await?;
    if round > 1 {
        let key = format!("clips/{:02}/clip-011.txt", round - 1);
        seeder
            .call(
                &MEDIA,
                IRELAND,
                "s3",
                "DeleteObject",
                json!({"Bucket": ORIGINALS, "Key": key}),
            )
            .await?;
    }
    Ok(())
}

async fn put(
    seeder: &Seeder<'_>,
    key: &str,
    round: u64,
    length: usize,
) -> Result<(), SandboxError> {
    let line = format!("{key}, take {round}\n");
    let body: String = line.chars().cycle().take(length).collect();
    seeder
        .call(
            &MEDIA,
            IRELAND,
            "s3",
            "PutObject",
            json!({
                "Bucket": ORIGINALS,
                "Key": key,
                "ContentType": "text/plain",
                "__raw_body": STANDARD.encode(body),
            }),
        )
        .await?;
    Ok(())
}
