use aws_sdk_backup::types::Lifecycle;
use tidemark_services::{
    calls::Call,
    ports::{BackupStart, CloudError, CloudErrorKind},
};

use crate::access::Access;

const OPERATION: Call = Call::StartBackupJob;

/// `StartBackupJob`. A repeated call with the same token answers the same job.
pub(crate) async fn start_backup(
    access: &Access,
    start: &BackupStart,
) -> Result<String, CloudError> {
    let request = &start.request;
    let lifecycle = (request.cold_after_days.is_some() || request.delete_after_days.is_some())
        .then(|| {
            Lifecycle::builder()
                .set_move_to_cold_storage_after_days(request.cold_after_days)
                .set_delete_after_days(request.delete_after_days)
                .build()
        });
    let answer = access
        .call(OPERATION, || {
            access
                .clients
                .backup()
                .start_backup_job()
                .backup_vault_name(&request.vault)
                .resource_arn(request.resource.as_str())
                .iam_role_arn(&start.service_role)
                .idempotency_token(&start.token)
                .set_lifecycle(lifecycle.clone())
                .send()
        })
        .await?;
    answer.backup_job_id.ok_or_else(|| {
        CloudError::local(
            CloudErrorKind::Unexpected,
            OPERATION,
            "the answer holds no job id",
        )
    })
}
