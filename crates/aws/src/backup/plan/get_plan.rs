use aws_sdk_backup::operation::get_backup_plan::GetBackupPlanOutput;
use tidemark_domain::{exchange::from_json, plan::BackupPlan};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use super::whole::WholeAnswer;
use crate::access::Access;

const OPERATION: Call = Call::GetBackupPlan;

/// A version of a plan, the one in force when none is named (`GetBackupPlan`). What AWS answers beside
/// the plan and takes inside it, as `AdvancedBackupSettings`, is part of the plan: an update without it
/// would switch it off.
pub(super) async fn get_plan(
    access: &Access,
    id: &str,
    version: Option<&str>,
) -> Result<(BackupPlan, GetBackupPlanOutput), CloudError> {
    let whole = WholeAnswer::default();
    let answer = access
        .read(OPERATION, || {
            access
                .clients
                .backup()
                .get_backup_plan()
                .backup_plan_id(id)
                .set_version_id(version.map(str::to_owned))
                .customize()
                .interceptor(whole.clone())
                .send()
        })
        .await?;
    let plan = from_json(&whole.value(OPERATION)?).map_err(|error| {
        CloudError::local(
            CloudErrorKind::Unexpected,
            OPERATION,
            format!("the plan of the answer could not be read: {error}"),
        )
    })?;
    Ok((plan.backup_plan, answer))
}
