//! S3 with buckets that have one owner in the whole simulated AWS, and the fixes that backups need.

mod besides;
mod bucket_policy;
mod conditions;
mod copy;
mod create_bucket;
mod delete_object;
mod delete_objects;
mod errors;
mod legal_hold;
mod list_object_versions;
mod locks;
pub(crate) mod owner;
mod put_object;
mod retention;
mod stamp;

use std::sync::{Arc, Mutex};

use awsim_core::{
    AccountRegionStore, AwsError, IamCheck, Protocol, RequestContext, RouteDefinition,
    ServiceHandler,
};
use awsim_iam_policy::ContextValue;
use awsim_s3::{S3Service, state::S3State};
use locks::Locks;
use serde_json::Value;
use tidemark_sandbox_backup::SimClock;

use crate::identity::Identity;

/// Region under which the stock service keeps an account's buckets.
pub(crate) const STATE_REGION: &str = "global";

/// Our S3 around the stock one.
pub(crate) struct S3 {
    stock: Arc<S3Service>,
    store: AccountRegionStore<S3State>,
    locks: Locks,
    identity: Identity,
    clock: SimClock,
    /// Held from a condition's check to the write that it guards.
    conditional: tokio::sync::Mutex<()>,
    /// Held while a bucket's name is taken.
    naming: Mutex<()>,
}

impl S3 {
    pub(crate) fn new(stock: Arc<S3Service>, identity: Identity, clock: SimClock) -> Self {
        let store = stock.store();
        Self {
            stock,
            store,
            locks: Locks::default(),
            identity,
            clock,
            conditional: tokio::sync::Mutex::new(()),
            naming: Mutex::new(()),
        }
    }

    /// The context of the account and Region that hold the bucket.
    fn at_owner(&self, input: &Value, ctx: &RequestContext) -> RequestContext {
        let mut ctx = ctx.clone();
        if let Some(found) = text(input, "Bucket").and_then(|name| owner::find(&self.store, name)) {
            ctx.account_id = found.account;
            ctx.region = found.region;
        }
        ctx
    }
}

/// A member's text, when there is any.
fn text<'a>(input: &'a Value, member: &str) -> Option<&'a str> {
    input
        .get(member)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

/// The version that a request names, in the query or in a document.
fn version_of(input: &Value) -> Option<&str> {
    text(input, "versionId").or_else(|| text(input, "VersionId"))
}

#[async_trait::async_trait]
impl ServiceHandler for S3 {
    fn service_name(&self) -> &'static str {
        "s3"
    }

    fn protocol(&self) -> Protocol {
        Protocol::RestXml
    }

    fn routes(&self) -> Vec<RouteDefinition> {
        self.stock.routes()
    }

    fn iam_checks(
        &self,
        operation: &str,
        input: &Value,
        ctx: &RequestContext,
    ) -> Vec<(String, String)> {
        let mut checks = self.stock.iam_checks(operation, input, ctx);
        checks.extend(self.besides(input, &checks));
        if let (Some("true"), Some((_, resource))) =
            (text(input, "BypassGovernanceRetention"), checks.first())
        {
            let bypass = ("s3:BypassGovernanceRetention".to_owned(), resource.clone());
            checks.push(bypass);
        }
        checks
    }

    /// Lists say which prefix is asked for, as `s3:prefix`.
    fn iam_checks_with_context(
        &self,
        operation: &str,
        input: &Value,
        ctx: &RequestContext,
    ) -> Vec<IamCheck> {
        let lists = matches!(
            operation,
            "ListObjects" | "ListObjectsV2" | "ListObjectVersions" | "ListMultipartUploads"
        );
        let prefix = text(input, "prefix").or_else(|| text(input, "Prefix"));
        self.iam_checks(operation, input, ctx)
            .into_iter()
            .map(|(action, resource)| {
                let mut check = IamCheck::new(action, resource);
                if lists {
                    let prefix = ContextValue::String(prefix.unwrap_or_default().to_owned());
                    check.context.insert("s3:prefix".to_owned(), prefix);
                }
                check
            })
            .collect()
    }

    async fn handle(
        &self,
        operation: &str,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        if operation == "CreateBucket" {
            return self.create_bucket(input, ctx).await;
        }
        let owner = &self.at_owner(&input, ctx);
        match operation {
            "ListBuckets" => self.list_buckets(input, owner).await,
            "GetBucketPolicy" => self.get_bucket_policy(input, owner).await,
            "PutBucketPolicy" => self.put_bucket_policy(input, owner).await,
            "PutObject" | "CopyObject" | "CompleteMultipartUpload" => {
                self.put_object(operation, input, owner).await
            }
            "UploadPart" | "UploadPartCopy" => self.upload_part(operation, input, owner).await,
            "GetObject" | "HeadObject" => self.read_object(operation, input, owner).await,
            "DeleteObject" => self.delete_object(input, owner).await,
            "DeleteObjects" => self.delete_objects(&input, owner).await,
            "ListObjectVersions" => self.list_object_versions(&input, owner),
            "GetObjectRetention" => self.get_object_retention(&input, owner),
            "PutObjectRetention" => self.put_object_retention(&input, owner),
            "GetObjectLegalHold" => self.get_object_legal_hold(&input, owner),
            "PutObjectLegalHold" => self.put_object_legal_hold(&input, owner),
            _ => self.stock.handle(operation, input, owner).await,
        }
    }

    async fn tick(&self) {
        self.stock.tick().await;
    }
}
