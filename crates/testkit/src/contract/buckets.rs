//! Buckets and streams as a set-up of record-level backups finds and makes them.

use anyhow::{Context as _, ensure};
use tidemark_records::ports::Versioning;
use tidemark_services::ports::{BucketFacts, RecordsCloud, Target};

async fn facts(
    cloud: &dyn RecordsCloud,
    target: &Target,
    bucket: &str,
) -> anyhow::Result<BucketFacts> {
    let found = cloud.bucket(target, bucket).await?;
    found.context("the bucket is not there")
}

/// A bucket is none, then made, then brought into shape, each call made twice.
pub async fn a_bucket_is_made_and_brought_into_shape(
    cloud: &dyn RecordsCloud,
    target: &Target,
    bucket: &str,
) -> anyhow::Result<()> {
    ensure!(
        cloud.bucket(target, bucket).await?.is_none(),
        "there before"
    );
    for _ in 0..2 {
        cloud.create_bucket(target, bucket, false).await?;
    }
    let made = facts(cloud, target, bucket).await?;
    ensure!(made.region == target.region, "{made:?}");
    ensure!(made.versioning == Versioning::Off, "{made:?}");
    ensure!(
        made.policy.is_none() && made.lock_days.is_none(),
        "{made:?}"
    );
    for _ in 0..2 {
        cloud.put_versioning(target, bucket).await?;
        cloud.put_encryption(target, bucket).await?;
        cloud.block_public_access(target, bucket).await?;
    }
    let shaped = facts(cloud, target, bucket).await?;
    ensure!(shaped.versioning == Versioning::Enabled, "{shaped:?}");
    ensure!(shaped.encryption.as_deref() == Some("AES256"), "{shaped:?}");
    ensure!(shaped.blocks_public_access, "{shaped:?}");
    Ok(())
}

/// A policy comes back as it was put, and is replaced as a whole.
pub async fn a_bucket_policy_comes_back_as_it_was_put(
    cloud: &dyn RecordsCloud,
    target: &Target,
    bucket: &str,
) -> anyhow::Result<()> {
    cloud.create_bucket(target, bucket, false).await?;
    for sid in ["First", "Second"] {
        let policy = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"{sid}","Effect":"Deny","Principal":"*","Action":"s3:DeleteObjectVersion","Resource":"arn:aws:s3:::{bucket}/*"}}]}}"#
        );
        cloud.put_policy(target, bucket, &policy).await?;
        let found = facts(cloud, target, bucket).await?.policy;
        ensure!(found.as_deref() == Some(policy.as_str()), "{found:?}");
    }
    Ok(())
}

/// A bucket that is made to lock versions does, and keeps them.
pub async fn a_bucket_locks_versions(
    cloud: &dyn RecordsCloud,
    target: &Target,
    bucket: &str,
) -> anyhow::Result<()> {
    cloud.create_bucket(target, bucket, true).await?;
    for _ in 0..2 {
        cloud.put_lock(target, bucket, 30).await?;
    }
    let found = facts(cloud, target, bucket).await?;
    ensure!(found.lock_days == Some(30), "{found:?}");
    ensure!(found.versioning == Versioning::Enabled, "{found:?}");
    Ok(())
}

/// A stream goes on and off, each asked for twice; on, its records hold what a record became.
pub async fn a_stream_goes_on_and_off(
    cloud: &dyn RecordsCloud,
    target: &Target,
    table: &str,
) -> anyhow::Result<()> {
    let access = cloud.open(target, table, "none").await?;
    for on in [true, false, true] {
        for _ in 0..2 {
            cloud.put_stream(target, table, on).await?;
        }
        let stream = access.table.describe().await?.stream;
        ensure!(stream.is_some() == on, "asked for {on}: {stream:?}");
        ensure!(
            stream.is_none_or(|stream| stream.view.has_new_image()),
            "without new images"
        );
    }
    Ok(())
}
