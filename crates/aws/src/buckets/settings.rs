use aws_sdk_s3::types::{
    DefaultRetention as SdkRetention, DeleteMarkerReplicationStatus, ReplicationRule as SdkRule,
    ReplicationRuleStatus,
};
use tidemark_domain::buckets::{
    BucketSettings, DefaultRetention, Encryption, Known, ObjectLock, PublicAccess, ReplicationRule,
    Versioning,
};
use tidemark_records::ports::Versioning as Kept;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use super::lifecycle;
use crate::{
    access::Access,
    records::bucket::{absent, region},
    s3::versioning,
};

/// How a bucket is set up, each part read by itself: one that may not be read hides no other.
pub(super) async fn settings(access: &Access, bucket: &str) -> Result<BucketSettings, CloudError> {
    let invalid = |kind, message: String| {
        let mut error = CloudError::local(kind, Call::GetBucketLocation, message);
        error.code = Some("NoSuchBucket".to_owned());
        error
    };
    let Some(region) = region(access, bucket).await? else {
        let message = format!("there is no bucket {bucket}");
        return Err(invalid(CloudErrorKind::NotFound, message));
    };
    if region != access.region {
        let message = format!(
            "the bucket {bucket} lies in {region}, not in {}",
            access.region
        );
        return Err(CloudError::local(
            CloudErrorKind::Invalid,
            Call::GetBucketLocation,
            message,
        ));
    }
    let (versioning, lock, encryption, public_access, replication, lifecycle) = futures::join!(
        versioning(access, bucket),
        lock(access, bucket),
        encryption(access, bucket),
        public_access(access, bucket),
        replication(access, bucket),
        lifecycle::rules(access, bucket),
    );
    Ok(BucketSettings {
        region,
        versioning: known(versioning.map(|found| match found {
            Kept::Enabled => Versioning::Enabled,
            Kept::Suspended => Versioning::Suspended,
            Kept::Off => Versioning::Off,
        })),
        lock: known(lock),
        encryption: known(encryption),
        public_access: known(public_access),
        replication: known(replication),
        lifecycle: known(lifecycle.map(|rules| rules.iter().map(lifecycle::read).collect())),
    })
}

fn known<T>(answer: Result<T, CloudError>) -> Known<T> {
    match answer {
        Ok(value) => Known::Is(value),
        Err(error) => Known::Unknown(error.to_string()),
    }
}

async fn lock(access: &Access, bucket: &str) -> Result<Option<ObjectLock>, CloudError> {
    let answer = access
        .read(Call::GetObjectLockConfiguration, || {
            access
                .clients
                .s3()
                .get_object_lock_configuration()
                .bucket(bucket)
                .send()
        })
        .await;
    let found = absent(answer)?.and_then(|answer| answer.object_lock_configuration);
    Ok(found
        .filter(|lock| lock.object_lock_enabled.is_some())
        .map(|lock| ObjectLock {
            default_retention: lock
                .rule
                .and_then(|rule| rule.default_retention)
                .and_then(|default| retention(&default)),
        }))
}

fn retention(default: &SdkRetention) -> Option<DefaultRetention> {
    let (number, word) = match (default.days, default.years) {
        (Some(days), _) => (days, "day"),
        (None, Some(years)) => (years, "year"),
        (None, None) => return None,
    };
    let s = if number == 1 { "" } else { "s" };
    Some(DefaultRetention {
        mode: default.mode.as_ref()?.as_str().to_owned(),
        time: format!("{number} {word}{s}"),
    })
}

async fn encryption(access: &Access, bucket: &str) -> Result<Option<Encryption>, CloudError> {
    let answer = access
        .read(Call::GetBucketEncryption, || {
            access
                .clients
                .s3()
                .get_bucket_encryption()
                .bucket(bucket)
                .send()
        })
        .await;
    Ok(absent(answer)?
        .and_then(|answer| answer.server_side_encryption_configuration)
        .and_then(|found| found.rules.into_iter().next())
        .and_then(|rule| rule.apply_server_side_encryption_by_default)
        .map(|default| Encryption {
            algorithm: default.sse_algorithm.as_str().to_owned(),
            key: default.kms_master_key_id,
        }))
}

async fn public_access(access: &Access, bucket: &str) -> Result<PublicAccess, CloudError> {
    let answer = access
        .read(Call::GetPublicAccessBlock, || {
            access
                .clients
                .s3()
                .get_public_access_block()
                .bucket(bucket)
                .send()
        })
        .await;
    let on = |switch: Option<bool>| switch == Some(true);
    Ok(absent(answer)?
        .and_then(|answer| answer.public_access_block_configuration)
        .map(|block| PublicAccess {
            block_acls: on(block.block_public_acls),
            ignore_acls: on(block.ignore_public_acls),
            block_policy: on(block.block_public_policy),
            restrict_buckets: on(block.restrict_public_buckets),
        })
        .unwrap_or_default())
}

async fn replication(access: &Access, bucket: &str) -> Result<Vec<ReplicationRule>, CloudError> {
    let answer = access
        .read(Call::GetBucketReplication, || {
            access
                .clients
                .s3()
                .get_bucket_replication()
                .bucket(bucket)
                .send()
        })
        .await;
    let found = absent(answer)?.and_then(|answer| answer.replication_configuration);
    Ok(found
        .map(|found| found.rules.into_iter().map(replicated).collect())
        .unwrap_or_default())
}

fn replicated(rule: SdkRule) -> ReplicationRule {
    #[expect(
        deprecated,
        reason = "older rules name their prefix outside of a filter, and still work"
    )]
    let of_old = rule.prefix;
    let prefix = rule.filter.and_then(|filter| {
        filter
            .prefix
            .or_else(|| filter.and.and_then(|and| and.prefix))
    });
    ReplicationRule {
        id: rule.id.unwrap_or_default(),
        enabled: rule.status == ReplicationRuleStatus::Enabled,
        prefix: prefix.or(of_old).unwrap_or_default(),
        destination: rule
            .destination
            .map(|destination| destination.bucket)
            .unwrap_or_default(),
        deletes: rule
            .delete_marker_replication
            .is_some_and(|deletes| deletes.status == Some(DeleteMarkerReplicationStatus::Enabled)),
    }
}
