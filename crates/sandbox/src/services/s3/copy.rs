use awsim_core::{AwsError, RequestContext, ServiceHandler as _};
use awsim_s3::state::{Bucket, ObjectVersions, S3Object};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{S3, STATE_REGION, errors, owner, text};

/// Prefix of a bucket's name that no real bucket can have.
const STAGING: &str = "_copy-";

/// Whether a bucket is one that a copy uses on its way.
pub(super) fn is_staging(bucket: &str) -> bool {
    bucket.starts_with(STAGING)
}

impl S3 {
    /// Runs a copy. The stock service copies within one account; an object of another is put in a
    /// bucket beside the destination's while it does so.
    pub(super) async fn copy(
        &self,
        operation: &str,
        mut input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let raw = text(&input, "CopySource").unwrap_or_default();
        let source = Source::parse(raw).ok_or_else(|| errors::invalid("Invalid copy source"))?;
        let found = owner::find(&self.store, &source.bucket)
            .ok_or_else(|| errors::no_such_bucket(&source.bucket))?;
        // The stock service takes an encoded name for the name itself.
        if found.account == ctx.account_id && !raw.contains('%') {
            return self.stock.handle(operation, input, ctx).await;
        }
        let object = self.version(&source)?;
        let destination = self.store.get(&ctx.account_id, STATE_REGION);
        let name = format!("{STAGING}{}", uuid::Uuid::new_v4().simple());
        let staging = Bucket::new(&name, &ctx.region, &object.last_modified);
        let version = object.version_id.clone();
        let mut versions = ObjectVersions::default();
        versions.push(S3Object {
            version_id: None,
            ..object
        });
        staging.objects.insert("object".to_owned(), versions);
        destination.buckets.insert(name.clone(), staging);
        input["CopySource"] = json!(format!("{name}/object"));
        let copied = self.stock.handle(operation, input, ctx).await;
        destination.buckets.remove(&name);
        let mut answer = copied?;
        if let Some(version) = version {
            answer["CopySourceVersionId"] = json!(version);
        }
        Ok(answer)
    }

    pub(super) fn version(&self, source: &Source) -> Result<S3Object, AwsError> {
        let found = owner::find(&self.store, &source.bucket)
            .ok_or_else(|| errors::no_such_bucket(&source.bucket))?;
        let bucket = found
            .state
            .buckets
            .get(&source.bucket)
            .ok_or_else(|| errors::no_such_bucket(&source.bucket))?;
        let object = bucket.objects.get(&source.key).and_then(|versions| {
            match &source.version {
                Some(version) => versions.find(version),
                None => versions.current(),
            }
            .filter(|object| !object.is_delete_marker)
            .cloned()
        });
        object.ok_or_else(|| errors::no_such_key(&source.key))
    }
}

/// An object named by `x-amz-copy-source`.
pub(super) struct Source {
    bucket: String,
    key: String,
    version: Option<String>,
}

impl Source {
    pub(super) fn parse(raw: &str) -> Option<Self> {
        let (path, query) = raw.split_once('?').unwrap_or((raw, ""));
        let path = percent_decode_str(path).decode_utf8().ok()?;
        let (bucket, key) = path.trim_start_matches('/').split_once('/')?;
        Some(Self {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            version: query.strip_prefix("versionId=").map(str::to_owned),
        })
    }
}
