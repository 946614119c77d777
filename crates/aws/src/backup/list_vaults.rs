use aws_sdk_backup::types::BackupVaultListMember;
use tidemark_domain::{Vault, VaultKind};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, FoundVault},
};

use crate::{
    access::{Access, pages},
    convert,
};

/// Every vault of the Region with its lock (`ListBackupVaults`).
pub(crate) async fn list_vaults(access: &Access) -> Result<Vec<Vault>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::ListBackupVaults, || {
                access
                    .clients
                    .backup()
                    .list_backup_vaults()
                    .max_results(1000)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        let vaults = page
            .backup_vault_list()
            .iter()
            .filter_map(|v| vault(access, v))
            .collect();
        Ok((vaults, page.next_token))
    })
    .await
}

/// A listed vault, with the token that it was created with.
pub(super) fn found(access: &Access, listed: &BackupVaultListMember) -> Option<FoundVault> {
    Some(FoundVault {
        vault: vault(access, listed)?,
        token: listed.creator_request_id().map(str::to_owned),
    })
}

fn vault(access: &Access, vault: &BackupVaultListMember) -> Option<Vault> {
    let locked = vault.locked() == Some(true);
    Some(Vault {
        name: vault.backup_vault_name()?.to_owned(),
        arn: convert::arn(vault.backup_vault_arn())?,
        account: access.account.clone(),
        region: access.region.clone(),
        points: u64::try_from(vault.number_of_recovery_points()).unwrap_or_default(),
        locked,
        lock_date: convert::moment(vault.lock_date()),
        min_retention_days: vault.min_retention_days().filter(|_| locked),
        max_retention_days: vault.max_retention_days().filter(|_| locked),
        kind: vault
            .vault_type()
            .map(|kind| VaultKind::from(kind.as_str().to_owned()))
            .unwrap_or_default(),
        created_at: convert::moment(vault.creation_date()),
        encryption_key: convert::arn(vault.encryption_key_arn()),
        access_policy: None,
    })
}
