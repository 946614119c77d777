use awsim_core::{AwsError, RequestContext, ServiceHandler as _};
use jiff::SignedDuration;
use serde_json::Value;

use super::{
    Dynamo,
    backups::{Backup, BackupKind},
    table_key::TableKey,
};

/// How long the backup that DynamoDB takes of a deleted table is kept.
const SYSTEM_BACKUP_KEPT: SignedDuration = SignedDuration::from_hours(35 * 24);

impl Dynamo {
    /// `DeleteTable`: a table with point-in-time recovery leaves a system backup behind.
    pub(super) async fn delete_table(
        &self,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let table = TableKey::of(&input, "TableName", ctx)?;
        let recovery = self.registry.lock().recovery.contains_key(&table);
        let backup = if recovery {
            let description = self.description(&table, ctx).await?;
            let now = self.clock.now();
            let mut backup = Backup::new(
                &table,
                format!("{}$DeletedTableBackup", table.name),
                BackupKind::System,
                self.journal.track(&table, false)?,
                description,
                now,
            );
            backup.expires = Some(now + SYSTEM_BACKUP_KEPT);
            Some(backup)
        } else {
            None
        };
        let last = self.journal.last()?;
        let answer = self.stock.handle("DeleteTable", input, ctx).await?;
        self.end_streams(&table, last)?;
        let mut known = self.registry.lock();
        known.forget(&table);
        if let Some(backup) = backup {
            known.backups.insert(backup.arn.clone(), backup);
        }
        Ok(answer)
    }
}
