use aws_sdk_s3::types::{
    ExpirationStatus, LifecycleRule as SdkRule, NoncurrentVersionTransition, Tag,
    Transition as SdkTransition,
};
use tidemark_domain::buckets::{Expiration, LifecycleRule, NoncurrentExpiration, Transition};
use tidemark_services::{calls::Call, ports::CloudError};

use crate::{access::Access, records::bucket::absent};

/// The rules as S3 has them; none where there is no configuration.
pub(super) async fn rules(access: &Access, bucket: &str) -> Result<Vec<SdkRule>, CloudError> {
    let answer = access
        .read(Call::GetBucketLifecycleConfiguration, || {
            access
                .clients
                .s3()
                .get_bucket_lifecycle_configuration()
                .bucket(bucket)
                .send()
        })
        .await;
    Ok(absent(answer)?
        .and_then(|answer| answer.rules)
        .unwrap_or_default())
}

/// A rule as far as it matters to backups.
pub(super) fn read(rule: &SdkRule) -> LifecycleRule {
    let (prefix, only) = scope(rule);
    let expiration = rule.expiration.as_ref();
    let days = |days: Option<i32>| days.map(i64::from);
    LifecycleRule {
        id: rule.id.clone().unwrap_or_default(),
        enabled: rule.status == ExpirationStatus::Enabled,
        prefix,
        only,
        expiration: expiration.and_then(|expiration| {
            days(expiration.days).map(Expiration::Days).or_else(|| {
                let date = expiration.date.as_ref()?;
                Some(Expiration::Date(date.to_string()))
            })
        }),
        removes_markers: expiration
            .and_then(|expiration| expiration.expired_object_delete_marker)
            .unwrap_or(false),
        noncurrent: rule
            .noncurrent_version_expiration
            .as_ref()
            .map(|expiration| NoncurrentExpiration {
                days: days(expiration.noncurrent_days).unwrap_or(0),
                keep: days(expiration.newer_noncurrent_versions),
            }),
        abort_uploads_after: rule
            .abort_incomplete_multipart_upload
            .as_ref()
            .and_then(|abort| days(abort.days_after_initiation)),
        transitions: rule
            .transitions()
            .iter()
            .map(current)
            .chain(rule.noncurrent_version_transitions().iter().map(noncurrent))
            .collect(),
    }
}

fn scope(rule: &SdkRule) -> (String, Vec<String>) {
    #[expect(
        deprecated,
        reason = "older rules name their prefix outside of a filter, and still work"
    )]
    let of_old = rule.prefix.clone();
    let mut only = Vec::new();
    let tag = |tag: &Tag| format!("tag {}={}", tag.key, tag.value);
    let mut size = |above: Option<i64>, below: Option<i64>| {
        only.extend(above.map(|bytes| format!("more than {bytes} bytes")));
        only.extend(below.map(|bytes| format!("fewer than {bytes} bytes")));
    };
    let Some(filter) = &rule.filter else {
        return (of_old.unwrap_or_default(), only);
    };
    size(
        filter.object_size_greater_than,
        filter.object_size_less_than,
    );
    if let Some(and) = &filter.and {
        size(and.object_size_greater_than, and.object_size_less_than);
        only.extend(and.tags().iter().map(tag));
    }
    only.extend(filter.tag.as_ref().map(tag));
    let prefix = filter
        .prefix
        .clone()
        .or_else(|| filter.and.as_ref().and_then(|and| and.prefix.clone()));
    (prefix.or(of_old).unwrap_or_default(), only)
}

fn current(to: &SdkTransition) -> Transition {
    let when = match (to.days, &to.date) {
        (Some(days), _) => format!("{days} days after they were written"),
        (None, Some(date)) => format!("on {date}"),
        (None, None) => "at once".to_owned(),
    };
    Transition {
        class: to
            .storage_class
            .as_ref()
            .map(|class| class.as_str().to_owned())
            .unwrap_or_default(),
        when,
        noncurrent: false,
    }
}

fn noncurrent(to: &NoncurrentVersionTransition) -> Transition {
    Transition {
        class: to
            .storage_class
            .as_ref()
            .map(|class| class.as_str().to_owned())
            .unwrap_or_default(),
        when: format!(
            "{} days after they were replaced or deleted",
            to.noncurrent_days.unwrap_or(0)
        ),
        noncurrent: true,
    }
}
