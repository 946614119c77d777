use aws_sdk_backup::types::Lifecycle;
use tidemark_domain::{Arn, change::NewLifecycle};
use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::Access;

/// `UpdateRecoveryPointLifecycle`; −1 stands for never.
pub(crate) async fn update_lifecycle(
    access: &Access,
    vault: &str,
    point: &Arn,
    lifecycle: NewLifecycle,
) -> Result<(), CloudError> {
    let lifecycle = Lifecycle::builder()
        .move_to_cold_storage_after_days(lifecycle.cold_after_days.unwrap_or(-1))
        .delete_after_days(lifecycle.delete_after_days.unwrap_or(-1))
        .build();
    access
        .call(Call::UpdateRecoveryPointLifecycle, || {
            access
                .clients
                .backup()
                .update_recovery_point_lifecycle()
                .backup_vault_name(vault)
                .recovery_point_arn(point.as_str())
                .lifecycle(lifecycle.clone())
                .send()
        })
        .await
        .map(|_| ())
}
