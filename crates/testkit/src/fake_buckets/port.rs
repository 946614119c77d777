use std::sync::Arc;

use async_trait::async_trait;
use tidemark_domain::buckets::{
    BucketSettings, Known, LifecycleRule, Listing, PublicAccess, Versioning,
};
use tidemark_dumps::DumpStore;
use tidemark_services::ports::{
    Buckets, CloudError, CloudErrorKind, ListAsk, ObjectCopied, ObjectCopy, ObjectHead, Target,
};

use super::{FakeBuckets, no_such_bucket, objects::no_such_key};

#[async_trait]
impl Buckets for FakeBuckets {
    async fn settings(&self, target: &Target, bucket: &str) -> Result<BucketSettings, CloudError> {
        self.may("s3:GetBucketLocation")?;
        let settings = self
            .settings_of(bucket)
            .ok_or_else(|| no_such_bucket("s3:GetBucketLocation"))?;
        if settings.region != target.region {
            return Err(CloudError::local(
                CloudErrorKind::Invalid,
                "s3:GetBucketLocation",
                format!("the bucket {bucket} lies in {}", settings.region),
            ));
        }
        Ok(settings)
    }

    async fn switch_versioning_on(&self, _target: &Target, bucket: &str) -> Result<(), CloudError> {
        self.changing("s3:PutBucketVersioning", bucket, |found| {
            found.settings.versioning = Known::Is(Versioning::Enabled);
            Ok(())
        })
    }

    async fn block_public(&self, _target: &Target, bucket: &str) -> Result<(), CloudError> {
        self.changing("s3:PutPublicAccessBlock", bucket, |found| {
            found.settings.public_access = Known::Is(PublicAccess::BLOCKED);
            Ok(())
        })
    }

    async fn stop_expiring(
        &self,
        _target: &Target,
        bucket: &str,
        shown: &[LifecycleRule],
        ids: &[String],
    ) -> Result<(), CloudError> {
        self.changing("s3:PutBucketLifecycleConfiguration", bucket, |found| {
            let rules = found
                .settings
                .lifecycle
                .known()
                .cloned()
                .unwrap_or_default();
            if rules != shown {
                return Err(CloudError::local(
                    CloudErrorKind::Conflict,
                    "s3:PutBucketLifecycleConfiguration",
                    "the lifecycle rules have changed since they were shown",
                ));
            }
            let left = rules
                .into_iter()
                .filter_map(|mut rule| {
                    if ids.contains(&rule.id) {
                        rule.expiration = None;
                        let is_left = rule.does_more_than_expire() || rule.noncurrent.is_some();
                        return is_left.then_some(rule);
                    }
                    Some(rule)
                })
                .collect();
            found.settings.lifecycle = Known::Is(left);
            Ok(())
        })
    }

    async fn dumps(
        &self,
        _target: &Target,
        bucket: &str,
    ) -> Result<Arc<dyn DumpStore>, CloudError> {
        self.may("s3:CreateMultipartUpload")?;
        self.settings_of(bucket)
            .ok_or_else(|| no_such_bucket("s3:CreateMultipartUpload"))?;
        Ok(Arc::new(self.dumps_of(bucket)))
    }

    async fn list(&self, _target: &Target, ask: &ListAsk) -> Result<Listing, CloudError> {
        self.listed(ask)
    }

    async fn read(
        &self,
        _target: &Target,
        bucket: &str,
        key: &str,
        most: u64,
    ) -> Result<Vec<u8>, CloudError> {
        self.may("s3:GetObject")?;
        let object = self.object(bucket, key);
        let content = object
            .ok_or_else(|| no_such_key("s3:GetObject", key))?
            .content;
        if u64::try_from(content.len()).unwrap_or(u64::MAX) > most {
            return Err(CloudError::local(
                CloudErrorKind::Invalid,
                "s3:GetObject",
                format!("{key} has more than {most} bytes"),
            ));
        }
        Ok(content)
    }

    async fn head(
        &self,
        _target: &Target,
        bucket: &str,
        key: &str,
    ) -> Result<Option<ObjectHead>, CloudError> {
        self.may("s3:HeadObject")?;
        Ok(self.object(bucket, key).map(|object| object.head))
    }

    async fn copy(
        &self,
        _from: &Target,
        _to: &Target,
        copy: &ObjectCopy,
    ) -> Result<ObjectCopied, CloudError> {
        self.copied(copy)
    }
}
