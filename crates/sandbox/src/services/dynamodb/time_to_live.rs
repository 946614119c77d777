use std::sync::atomic::Ordering;

use awsim_core::{AwsError, RequestContext, ServiceHandler as _};
use serde_json::Value;

use super::{Dynamo, table_key::TableKey};

/// Seconds of simulated time between two sweeps.
const SWEEP_EVERY: i64 = 10;

impl Dynamo {
    /// `UpdateTimeToLive`.
    pub(super) async fn update_time_to_live(
        &self,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let table = TableKey::of(&input, "TableName", ctx)?;
        let specification = input["TimeToLiveSpecification"].clone();
        let answer = self.stock.handle("UpdateTimeToLive", input, ctx).await?;
        let attribute = specification["AttributeName"].as_str().unwrap_or_default();
        let mut known = self.registry.lock();
        if specification["Enabled"].as_bool() == Some(true) {
            known.time_to_live.insert(table, attribute.to_owned());
        } else {
            known.time_to_live.remove(&table);
        }
        Ok(answer)
    }

    /// Removes the items whose time has passed on the simulated clock.
    pub(super) async fn expire_items(&self) {
        let now = self.clock.now().as_second();
        let tables: Vec<(TableKey, String)> = {
            let known = self.registry.lock();
            if known.time_to_live.is_empty()
                || now - self.swept.load(Ordering::Relaxed) < SWEEP_EVERY
            {
                return;
            }
            known
                .time_to_live
                .iter()
                .map(|(table, attribute)| (table.clone(), attribute.clone()))
                .collect()
        };
        self.swept.store(now, Ordering::Relaxed);
        let swept = self
            .blocking(move |journal| {
                journal.follow_clock()?;
                let mut removed = 0;
                for (table, attribute) in tables {
                    removed += journal.expire(&table, &attribute, now)?;
                }
                Ok(removed)
            })
            .await;
        match swept {
            Ok(0) => {}
            Ok(removed) => tracing::debug!(removed, "Expired items were removed."),
            Err(error) => {
                tracing::warn!(error = error.message, "Expired items could not be removed.");
            }
        }
    }
}
