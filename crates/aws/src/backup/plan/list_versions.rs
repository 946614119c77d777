use aws_sdk_backup::types::BackupPlansListMember;
use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::{Access, pages};

/// Every version of a plan (`ListBackupPlanVersions`).
pub(super) async fn list_versions(
    access: &Access,
    plan_id: &str,
) -> Result<Vec<BackupPlansListMember>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::ListBackupPlanVersions, || {
                access
                    .clients
                    .backup()
                    .list_backup_plan_versions()
                    .backup_plan_id(plan_id)
                    .max_results(1000)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        Ok((
            page.backup_plan_versions_list.unwrap_or_default(),
            page.next_token,
        ))
    })
    .await
}
