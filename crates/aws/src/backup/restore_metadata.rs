use std::collections::BTreeMap;

use tidemark_domain::Arn;
use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::Access;

/// `GetRecoveryPointRestoreMetadata`.
pub(crate) async fn restore_metadata(
    access: &Access,
    vault: &str,
    point: &Arn,
) -> Result<BTreeMap<String, String>, CloudError> {
    let answer = access
        .read(Call::GetRecoveryPointRestoreMetadata, || {
            access
                .clients
                .backup()
                .get_recovery_point_restore_metadata()
                .backup_vault_name(vault)
                .recovery_point_arn(point.as_str())
                .send()
        })
        .await?;
    Ok(answer
        .restore_metadata
        .unwrap_or_default()
        .into_iter()
        .collect())
}
