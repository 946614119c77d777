//! S3 with buckets that have one owner in the whole simulated AWS, and the fixes that backups need.

pub(crate) mod owner;

use std::sync::Arc;

use awsim_core::{
    AccountRegionStore, AwsError, Protocol, RequestContext, RouteDefinition, ServiceHandler,
};
use awsim_s3::{S3Service, state::S3State};
use serde_json::Value;
use tidemark_sandbox_backup::SimClock;

/// Our S3 around the stock one.
pub(crate) struct S3 {
    stock: Arc<S3Service>,
    store: AccountRegionStore<S3State>,
    #[expect(dead_code, reason = "object lock is judged by it")]
    clock: SimClock,
}

impl S3 {
    pub(crate) fn new(stock: Arc<S3Service>, clock: SimClock) -> Self {
        let store = stock.store();
        Self {
            stock,
            store,
            clock,
        }
    }

    /// The context of the account and Region that hold the bucket.
    fn at_owner(&self, input: &Value, ctx: &RequestContext) -> RequestContext {
        let mut ctx = ctx.clone();
        if let Some(found) = input
            .get("Bucket")
            .and_then(Value::as_str)
            .and_then(|bucket| owner::find(&self.store, bucket))
        {
            ctx.account_id = found.account;
            ctx.region = found.region;
        }
        ctx
    }
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
        self.stock.iam_checks(operation, input, ctx)
    }

    async fn handle(
        &self,
        operation: &str,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let ctx = self.at_owner(&input, ctx);
        self.stock.handle(operation, input, &ctx).await
    }

    async fn tick(&self) {
        self.stock.tick().await;
    }
}
