use aws_sdk_backup::types::Lifecycle;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind, CopyStart},
};

use crate::access::Access;

const OPERATION: Call = Call::StartCopyJob;

/// `StartCopyJob`. A repeated call with the same token answers the same job; −1 stands for never.
pub(super) async fn start_copy(access: &Access, start: &CopyStart) -> Result<String, CloudError> {
    let lifecycle = start.lifecycle.map(|lifecycle| {
        Lifecycle::builder()
            .move_to_cold_storage_after_days(lifecycle.cold_after_days.unwrap_or(-1))
            .delete_after_days(lifecycle.delete_after_days.unwrap_or(-1))
            .build()
    });
    let answer = access
        .call(OPERATION, || {
            access
                .clients
                .backup()
                .start_copy_job()
                .recovery_point_arn(start.point.as_str())
                .source_backup_vault_name(&start.vault)
                .destination_backup_vault_arn(start.destination.as_str())
                .iam_role_arn(&start.service_role)
                .idempotency_token(&start.token)
                .set_lifecycle(lifecycle.clone())
                .send()
        })
        .await?;
    answer.copy_job_id.ok_or_else(|| {
        CloudError::local(
            CloudErrorKind::Unexpected,
            OPERATION,
            "the answer holds no job id",
        )
    })
}
