use aws_sdk_backup::operation::get_backup_plan::GetBackupPlanOutput;
use tidemark_domain::plan::BackupPlan;
use tidemark_services::ports::CloudError;

use super::whole::WholeAnswer;
use crate::access::Access;

const OPERATION: &str = "backup:GetBackupPlan";

/// A version of a plan, the one in force when none is named (`GetBackupPlan`).
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
    Ok((whole.member(OPERATION, "BackupPlan")?, answer))
}
