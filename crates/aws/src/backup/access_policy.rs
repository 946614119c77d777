use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use crate::access::Access;

/// The access policy of a vault (`GetBackupVaultAccessPolicy`); none when it has none.
pub(crate) async fn access_policy(
    access: &Access,
    vault: &str,
) -> Result<Option<String>, CloudError> {
    let answer = access
        .read(Call::GetBackupVaultAccessPolicy, || {
            access
                .clients
                .backup()
                .get_backup_vault_access_policy()
                .backup_vault_name(vault)
                .send()
        })
        .await;
    match answer {
        Ok(answer) => Ok(answer.policy),
        Err(error) if error.kind == CloudErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
