use awsim_core::{AwsError, RequestContext};
use serde_json::{Value, json};

use super::Dynamo;

impl Dynamo {
    /// `DescribeBackup`.
    pub(super) fn describe_backup(
        &self,
        input: &Value,
        _ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let backup = self.backup(input)?;
        Ok(json!({ "BackupDescription": backup.describe("AVAILABLE") }))
    }
}
