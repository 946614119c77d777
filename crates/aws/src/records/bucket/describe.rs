use aws_sdk_s3::types::{BucketLocationConstraint, PublicAccessBlockConfiguration};
use tidemark_domain::Region;
use tidemark_records::ports::Versioning;
use tidemark_services::{
    calls::Call,
    ports::{BucketFacts, CloudError, CloudErrorKind},
};

use crate::{access::Access, s3::versioning};

/// What a set-up must know of a bucket; none when there is no such bucket.
pub(crate) async fn describe(
    access: &Access,
    bucket: &str,
) -> Result<Option<BucketFacts>, CloudError> {
    let Some(region) = region(access, bucket).await? else {
        return Ok(None);
    };
    if region != access.region {
        return Ok(Some(BucketFacts {
            region,
            versioning: Versioning::Off,
            lock_days: None,
            encryption: None,
            blocks_public_access: false,
            policy: None,
        }));
    }
    let (versioning, lock_days, encryption, blocks_public_access, policy) = futures::try_join!(
        versioning(access, bucket),
        lock_days(access, bucket),
        encryption(access, bucket),
        blocks_public_access(access, bucket),
        policy(access, bucket),
    )?;
    Ok(Some(BucketFacts {
        region,
        versioning,
        lock_days,
        encryption,
        blocks_public_access,
        policy,
    }))
}

/// `GetBucketLocation`, which words us-east-1 as nothing and eu-west-1 as `EU` where it is old.
pub(crate) async fn region(access: &Access, bucket: &str) -> Result<Option<Region>, CloudError> {
    const OPERATION: Call = Call::GetBucketLocation;
    let answer = access
        .read(OPERATION, || {
            access
                .clients
                .s3()
                .get_bucket_location()
                .bucket(bucket)
                .send()
        })
        .await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if error.kind == CloudErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let name = match answer
        .location_constraint()
        .map(BucketLocationConstraint::as_str)
    {
        None | Some("") => "us-east-1",
        Some("EU") => "eu-west-1",
        Some(other) => other,
    };
    Region::parse(name)
        .map(Some)
        .map_err(|e| CloudError::local(CloudErrorKind::Unexpected, OPERATION, e.to_string()))
}

async fn lock_days(access: &Access, bucket: &str) -> Result<Option<u32>, CloudError> {
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
    let retention = found
        .and_then(|lock| lock.rule)
        .and_then(|rule| rule.default_retention);
    Ok(retention.and_then(|retention| {
        let years = retention.years.unwrap_or(0).saturating_mul(365);
        u32::try_from(retention.days.unwrap_or(years)).ok()
    }))
}

async fn encryption(access: &Access, bucket: &str) -> Result<Option<String>, CloudError> {
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
    let found = absent(answer)?.and_then(|answer| answer.server_side_encryption_configuration);
    Ok(found
        .and_then(|found| found.rules.into_iter().next())
        .and_then(|rule| rule.apply_server_side_encryption_by_default)
        .map(|default| default.sse_algorithm.as_str().to_owned()))
}

async fn blocks_public_access(access: &Access, bucket: &str) -> Result<bool, CloudError> {
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
    let found = absent(answer)?.and_then(|answer| answer.public_access_block_configuration);
    Ok(found.is_some_and(|block: PublicAccessBlockConfiguration| {
        [
            block.block_public_acls,
            block.ignore_public_acls,
            block.block_public_policy,
            block.restrict_public_buckets,
        ]
        .into_iter()
        .all(|blocked| blocked == Some(true))
    }))
}

async fn policy(access: &Access, bucket: &str) -> Result<Option<String>, CloudError> {
    let answer = access
        .read(Call::GetBucketPolicy, || {
            access
                .clients
                .s3()
                .get_bucket_policy()
                .bucket(bucket)
                .send()
        })
        .await;
    let found = absent(answer)?.and_then(|answer| answer.policy);
    Ok(found.filter(|policy| !policy.trim().is_empty()))
}

/// A configuration that was never put is none: S3 answers with an error of its own for each.
pub(crate) fn absent<T>(answer: Result<T, CloudError>) -> Result<Option<T>, CloudError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error)
            if error.kind == CloudErrorKind::NotFound
                && error.code.as_deref() != Some("NoSuchBucket") =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
