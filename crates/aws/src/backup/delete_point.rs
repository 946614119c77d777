use tidemark_domain::Arn;
use tidemark_services::ports::CloudError;

use crate::access::Access;

/// `DeleteRecoveryPoint`.
pub(crate) async fn delete_point(
    access: &Access,
    vault: &str,
    point: &Arn,
) -> Result<(), CloudError> {
    access
        .call("backup:DeleteRecoveryPoint", || {
            access
                .clients
                .backup()
                .delete_recovery_point()
                .backup_vault_name(vault)
                .recovery_point_arn(point.as_str())
                .send()
        })
        .await
        .map(|_| ())
}
