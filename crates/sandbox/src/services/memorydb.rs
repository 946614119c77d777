//! MemoryDB: awsim's, with the time at which a snapshot was taken, by the simulated clock.

use std::sync::Arc;

use async_trait::async_trait;
use awsim_core::{AwsError, Protocol, RequestContext, RouteDefinition, ServiceHandler};
use awsim_memorydb::MemoryDbService;
use serde_json::{Value, json};
use tidemark_sandbox_backup::SimClock;

/// awsim's MemoryDB, whose snapshots know when they were taken.
pub(crate) struct MemoryDb {
    stock: Arc<MemoryDbService>,
    clock: SimClock,
}

impl MemoryDb {
    pub(crate) fn new(stock: Arc<MemoryDbService>, clock: SimClock) -> Self {
        Self { stock, clock }
    }

    /// `Shard.SnapshotCreationTime`, the only time that the API has for a snapshot.
    fn stamp(&self, name: &str, ctx: &RequestContext) {
        let state = self.stock.store().get(&ctx.account_id, &ctx.region);
        let Some(mut snapshot) = state.snapshots.get_mut(name) else {
            return;
        };
        let now = self.clock.now().as_second();
        if let Some(shards) = snapshot
            .cluster_config
            .get_mut("Shards")
            .and_then(Value::as_array_mut)
        {
            for shard in shards {
                shard["SnapshotCreationTime"] = json!(now);
            }
        }
    }
}

#[async_trait]
impl ServiceHandler for MemoryDb {
    fn service_name(&self) -> &str {
        self.stock.service_name()
    }

    fn signing_name(&self) -> &str {
        self.stock.signing_name()
    }

    fn protocol(&self) -> Protocol {
        self.stock.protocol()
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
        let name = input["SnapshotName"].as_str().map(str::to_owned);
        let answer = self.stock.handle(operation, input, ctx).await?;
        if let ("CreateSnapshot", Some(name)) = (operation, name) {
            self.stamp(&name, ctx);
        }
        Ok(answer)
    }

    async fn tick(&self) {
        self.stock.tick().await;
    }
}
