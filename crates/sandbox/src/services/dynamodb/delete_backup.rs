use awsim_core::{AwsError, RequestContext};
use serde_json::{Value, json};

use super::Dynamo;

impl Dynamo {
    /// `DeleteBackup`.
    pub(super) fn delete_backup(
        &self,
        input: &Value,
        _ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let backup = self.backup(input)?;
        self.registry.lock().backups.remove(&backup.arn);
        Ok(json!({ "BackupDescription": backup.describe("DELETED") }))
    }
}
