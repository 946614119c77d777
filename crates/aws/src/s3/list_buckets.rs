use std::collections::BTreeMap;

use aws_sdk_s3::types::Bucket;
use futures::{StreamExt as _, stream};
use tidemark_domain::{Arn, Resource, ResourceType};
use tidemark_records::ports::Versioning;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use super::versioning;
use crate::{
    access::{Access, pages},
    convert,
    read_scope::{AT_ONCE, Part},
};

/// Every bucket of the Region with its tags, and which of them keep versions.
pub(crate) async fn list_buckets(access: &Access) -> (Part<Resource>, Vec<Arn>) {
    let buckets = match buckets(access).await {
        Ok(buckets) => buckets,
        Err(error) => return (Part::failed(error), Vec::new()),
    };
    let mut part = Part::default();
    let mut versioned = Vec::new();
    let mut resources = stream::iter(buckets)
        .map(|bucket| async move { resource(access, &bucket).await })
        .buffered(AT_ONCE);
    while let Some(resource) = resources.next().await {
        match resource {
            Ok(None) => {}
            Ok(Some((bucket, versions))) => {
                match versions {
                    Ok(true) => versioned.push(bucket.arn.clone()),
                    Ok(false) => {}
                    Err(error) => drop(part.error.get_or_insert(error)),
                }
                part.items.push(bucket);
            }
            Err(error) => {
                let hopeless = error.is_retryable();
                part.error.get_or_insert(error);
                if hopeless {
                    break;
                }
            }
        }
    }
    (part, versioned)
}

async fn buckets(access: &Access) -> Result<Vec<Bucket>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::ListBuckets, || {
                access
                    .clients
                    .s3()
                    .list_buckets()
                    .bucket_region(access.region.as_str())
                    .max_buckets(1000)
                    .set_continuation_token(token.clone())
                    .send()
            })
            .await?;
        Ok((page.buckets.unwrap_or_default(), page.continuation_token))
    })
    .await
}

/// A bucket, and whether it keeps versions.
type Found = (Resource, Result<bool, CloudError>);

/// One bucket; none when it lies in another Region or was deleted meanwhile.
async fn resource(access: &Access, bucket: &Bucket) -> Result<Option<Found>, CloudError> {
    let Some(name) = bucket.name() else {
        return Ok(None);
    };
    let region = match bucket.bucket_region() {
        Some(region) => Some(region.to_owned()),
        // An endpoint that does not know the filter lists the buckets of every Region.
        None => location(access, name).await?,
    };
    if region.as_deref() != Some(access.region.as_str()) {
        return Ok(None);
    }
    let Some(tags) = tags(access, name).await? else {
        return Ok(None);
    };
    let arn = Arn::parse(format!("arn:{}:s3:::{name}", access.partition)).map_err(|e| {
        CloudError::local(CloudErrorKind::Unexpected, Call::ListBuckets, e.to_string())
    })?;
    let versions = versioning(access, name)
        .await
        .map(|found| found != Versioning::Off);
    let resource = Resource {
        arn,
        resource_type: ResourceType::S3,
        account: access.account.clone(),
        region: access.region.clone(),
        name: name.to_owned(),
        tags,
        size_bytes: None,
        created_at: convert::moment(bucket.creation_date()),
        pitr: None,
        deleted: false,
    };
    Ok(Some((resource, versions)))
}

/// `GetBucketLocation`, which words us-east-1 as nothing and eu-west-1 as `EU` where it is old.
async fn location(access: &Access, bucket: &str) -> Result<Option<String>, CloudError> {
    let answer = access
        .read(Call::GetBucketLocation, || {
            access
                .clients
                .s3()
                .get_bucket_location()
                .bucket(bucket)
                .send()
        })
        .await;
    match answer {
        Ok(answer) => Ok(Some(
            match answer
                .location_constraint()
                .map(aws_sdk_s3::types::BucketLocationConstraint::as_str)
            {
                None | Some("") => "us-east-1",
                Some("EU") => "eu-west-1",
                Some(other) => other,
            }
            .to_owned(),
        )),
        Err(error) if error.kind == CloudErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// `GetBucketTagging`; none when the bucket is gone.
async fn tags(
    access: &Access,
    bucket: &str,
) -> Result<Option<BTreeMap<String, String>>, CloudError> {
    let answer = access
        .read(Call::GetBucketTagging, || {
            access
                .clients
                .s3()
                .get_bucket_tagging()
                .bucket(bucket)
                .send()
        })
        .await;
    match answer {
        Ok(answer) => Ok(Some(
            answer
                .tag_set
                .into_iter()
                .map(|t| (t.key, t.value))
                .collect(),
        )),
        Err(error) if error.code.as_deref() == Some("NoSuchBucket") => Ok(None),
        // A bucket without tags answers NoSuchTagSet.
        Err(error) if error.kind == CloudErrorKind::NotFound => Ok(Some(BTreeMap::new())),
        Err(error) => Err(error),
    }
}
