use awsim_core::{AwsError, RequestContext};
use serde_json::{Value, json};

use super::{Dynamo, restore::Overrides, seconds, table_key::TableKey};

impl Dynamo {
    /// `RestoreTableFromBackup`.
    pub(super) async fn restore_table_from_backup(
        &self,
        input: &Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let backup = self.backup(input)?;
        let target = TableKey::of(input, "TargetTableName", ctx)?;
        let summary = json!({
            "SourceBackupArn": backup.arn,
            "SourceTableArn": backup.table.arn(),
            "RestoreDateTime": seconds(backup.created),
        });
        let description = self
            .restore(
                &backup.position,
                &backup.description,
                &target,
                Overrides::of(input),
                summary,
                ctx,
            )
            .await?;
        Ok(json!({ "TableDescription": description }))
    }
}
