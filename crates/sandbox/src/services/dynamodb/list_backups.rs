use awsim_core::{AwsError, RequestContext};
use serde_json::{Value, json};

use super::{Dynamo, backups::Backup, errors, table_key::name_of};

impl Dynamo {
    /// `ListBackups`, by table, time and type; newest last, as their ARNs sort.
    pub(super) fn list_backups(
        &self,
        input: &Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let text = |member: &str| input.get(member).and_then(Value::as_str);
        let wanted = match text("BackupType").unwrap_or("ALL") {
            "ALL" => None,
            kind @ ("USER" | "SYSTEM" | "AWS_BACKUP") => Some(kind),
            other => {
                return Err(errors::validation(format!(
                    "1 validation error detected: Value '{other}' at 'backupType' failed to satisfy constraint: Member must satisfy enum value set: [USER, SYSTEM, AWS_BACKUP, ALL]"
                )));
            }
        };
        let limit = match input.get("Limit").and_then(Value::as_u64) {
            None => 100,
            Some(limit @ 1..=100) => usize::try_from(limit).unwrap_or(100),
            Some(limit) => {
                return Err(errors::validation(format!(
                    "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must be between 1 and 100"
                )));
            }
        };
        let table = text("TableName").map(name_of);
        let after = input.get("TimeRangeLowerBound").and_then(Value::as_f64);
        let before = input.get("TimeRangeUpperBound").and_then(Value::as_f64);
        let start = text("ExclusiveStartBackupArn").unwrap_or_default();
        let now = self.clock.now();
        let matches = |backup: &&Backup| {
            let created = super::seconds(backup.created);
            backup.table.account == ctx.account_id
                && backup.table.region == ctx.region
                && backup.expires.is_none_or(|expires| expires > now)
                && table.is_none_or(|table| table == backup.table.name)
                && wanted.is_none_or(|kind| kind == backup.kind.name())
                && after.is_none_or(|after| created >= after)
                && before.is_none_or(|before| created < before)
                && backup.arn.as_str() > start
        };
        let known = self.registry.lock();
        let mut found: Vec<&Backup> = known.backups.values().filter(matches).collect();
        found.sort_by(|a, b| a.arn.cmp(&b.arn));
        let more = found.len() > limit;
        found.truncate(limit);
        let mut answer = json!({
            "BackupSummaries": found.iter().map(|backup| backup.summary()).collect::<Vec<_>>(),
        });
        if let Some(last) = found.last().filter(|_| more) {
            answer["LastEvaluatedBackupArn"] = json!(last.arn);
        }
        Ok(answer)
    }
}
