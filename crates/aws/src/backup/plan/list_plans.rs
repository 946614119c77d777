use aws_sdk_backup::types::BackupPlansListMember;
use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::{Access, pages};

/// Every plan of the Region that is not deleted (`ListBackupPlans`).
pub(super) async fn list_plans(access: &Access) -> Result<Vec<BackupPlansListMember>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::ListBackupPlans, || {
                access
                    .clients
                    .backup()
                    .list_backup_plans()
                    .max_results(1000)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        Ok((page.backup_plans_list.unwrap_or_default(), page.next_token))
    })
    .await
}
