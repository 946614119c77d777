use aws_sdk_s3::types::{BucketLifecycleConfiguration, LifecycleRule as SdkRule};
use tidemark_domain::buckets::LifecycleRule;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use super::lifecycle::{read, rules};
use crate::access::Access;

/// Takes what expires objects out of these rules. S3 has no condition on a configuration, so what is there is compared with
/// what was shown right before it is replaced.
pub(super) async fn stop_expiring(
    access: &Access,
    bucket: &str,
    shown: &[LifecycleRule],
    ids: &[String],
) -> Result<(), CloudError> {
    let operation = Call::PutBucketLifecycleConfiguration;
    let found = rules(access, bucket).await?;
    if found.iter().map(read).collect::<Vec<_>>() != shown {
        return Err(CloudError::local(
            CloudErrorKind::Conflict,
            operation,
            "the lifecycle rules have changed since they were shown",
        ));
    }
    let left: Vec<SdkRule> = found
        .into_iter()
        .filter_map(|rule| {
            let is_named = rule.id.as_ref().is_some_and(|id| ids.contains(id));
            if is_named { narrowed(rule) } else { Some(rule) }
        })
        .collect();
    if left.is_empty() {
        access
            .call(Call::DeleteBucketLifecycle, || {
                access
                    .clients
                    .s3()
                    .delete_bucket_lifecycle()
                    .bucket(bucket)
                    .send()
            })
            .await?;
        return Ok(());
    }
    let configuration = BucketLifecycleConfiguration::builder()
        .set_rules(Some(left))
        .build()
        .map_err(|error| {
            CloudError::local(CloudErrorKind::Invalid, operation, error.to_string())
        })?;
    access
        .call(operation, || {
            access
                .clients
                .s3()
                .put_bucket_lifecycle_configuration()
                .bucket(bucket)
                .lifecycle_configuration(configuration.clone())
                .send()
        })
        .await?;
    Ok(())
}

/// The rule without its expiration of current objects; none where nothing is left of it.
fn narrowed(mut rule: SdkRule) -> Option<SdkRule> {
    if let Some(expiration) = &mut rule.expiration {
        expiration.days = None;
        expiration.date = None;
        if expiration.expired_object_delete_marker != Some(true) {
            rule.expiration = None;
        }
    }
    let is_left = rule.expiration.is_some()
        || rule.noncurrent_version_expiration.is_some()
        || rule.abort_incomplete_multipart_upload.is_some()
        || !rule.transitions().is_empty()
        || !rule.noncurrent_version_transitions().is_empty();
    is_left.then_some(rule)
}
