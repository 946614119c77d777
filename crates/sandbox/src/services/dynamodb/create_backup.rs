use awsim_core::{AwsError, RequestContext};
use serde_json::{Value, json};

use super::{
    Dynamo,
    backups::{Backup, BackupKind},
    errors,
    table_key::TableKey,
};

impl Dynamo {
    /// `CreateBackup`: notes where in its history the table stands, which copies nothing.
    pub(super) async fn create_backup(
        &self,
        input: &Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let table = self.existing(input, "TableName", ctx).await?;
        let name = input["BackupName"]
            .as_str()
            .filter(|name| {
                (3..=255).contains(&name.len())
                    && name
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
            })
            .ok_or_else(|| {
                errors::validation(
                    "1 validation error detected: Value at 'backupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]{3,255}",
                )
            })?;
        let (position, description) = self.capture(&table, ctx).await?;
        let backup = Backup::new(
            &table,
            name.to_owned(),
            BackupKind::User,
            position,
            description,
            self.clock.now(),
        );
        let details = backup.details("AVAILABLE");
        self.registry
            .lock()
            .backups
            .insert(backup.arn.clone(), backup);
        Ok(json!({ "BackupDetails": details }))
    }

    /// Where the table stands now, and its description.
    pub(crate) async fn capture(
        &self,
        table: &TableKey,
        ctx: &RequestContext,
    ) -> Result<(super::Position, Value), AwsError> {
        let description = self.description(table, ctx).await?;
        let indexed = description.get("GlobalSecondaryIndexes").is_some();
        let table = table.clone();
        let position = self
            .blocking(move |journal| {
                journal.follow_clock()?;
                journal.track(&table, indexed)
            })
            .await?;
        Ok((position, description))
    }

    /// The position that a table had at an earlier moment of its journal; `now` when there is none.
    pub(crate) async fn position_at(
        &self,
        now: super::Position,
        at: jiff::Timestamp,
    ) -> Result<super::Position, AwsError> {
        self.blocking(move |journal| {
            let then = journal.position_at(&now.table, at.as_millisecond())?;
            Ok(if then.seq < now.seq { then } else { now })
        })
        .await
    }
}
