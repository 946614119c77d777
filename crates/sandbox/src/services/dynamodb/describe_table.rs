use std::time::Instant;

use awsim_core::{AwsError, RequestContext, ServiceHandler as _};
use serde_json::{Value, json};

use super::{Dynamo, seconds, table_definition, table_key::TableKey};

impl Dynamo {
    /// `DescribeTable`, with sizes, the simulated creation time and how the table was restored.
    pub(super) async fn describe_table(
        &self,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let table = TableKey::of(&input, "TableName", ctx)?;
        let description = self.description(&table, ctx).await?;
        Ok(json!({ "Table": description }))
    }

    /// The complete description of a table.
    pub(crate) async fn description(
        &self,
        table: &TableKey,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let mut answer = self
            .stock
            .handle("DescribeTable", json!({"TableName": table.name}), ctx)
            .await?;
        let mut description = answer["Table"].take();
        let size = self
            .blocking({
                let table = table.clone();
                move |journal| journal.size(&table)
            })
            .await?;
        description["ItemCount"] = json!(size.items);
        description["TableSizeBytes"] = json!(size.bytes);
        self.decorate(table, &mut description);
        Ok(description)
    }

    /// `CreateTable` and `UpdateTable`: the stock service acts, streams and journal follow.
    pub(super) async fn change_table(
        &self,
        operation: &str,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let table = TableKey::of(&input, "TableName", ctx)?;
        if operation == "CreateTable" {
            table_definition::check(&input)?;
        }
        let mut answer = self.stock.handle(operation, input, ctx).await?;
        let now = self.clock.now();
        if operation == "CreateTable" {
            self.registry
                .lock()
                .created
                .insert(table.clone(), (now, uuid::Uuid::new_v4()));
        }
        let description = &mut answer["TableDescription"];
        self.follow_stream(&table, description, now)?;
        if description.get("GlobalSecondaryIndexes").is_some() && self.journal.is_tracked(&table)? {
            self.journal.track(&table, true)?;
        }
        self.decorate(&table, description);
        Ok(answer)
    }

    fn decorate(&self, table: &TableKey, description: &mut Value) {
        let known = self.registry.lock();
        if let Some((created, id)) = known.created.get(table) {
            description["CreationDateTime"] = json!(seconds(*created));
            description["TableId"] = json!(id);
        }
        if let Some(restored) = known.restored.get(table) {
            let in_progress = Instant::now() < restored.ready;
            description["RestoreSummary"] = restored.summary.clone();
            description["RestoreSummary"]["RestoreInProgress"] = json!(in_progress);
            if in_progress {
                description["TableStatus"] = json!("CREATING");
            }
        }
    }
}
