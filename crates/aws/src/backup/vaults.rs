//! Changes of vaults, one call each.

use tidemark_domain::{
    VaultName,
    vaults::{LockWish, NewVault},
};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind, FoundVault},
};

use super::list_vaults::found;
use crate::access::{Access, pages};

/// A vault as `ListBackupVaults` has it.
pub(crate) async fn find_vault(
    access: &Access,
    name: &VaultName,
) -> Result<Option<FoundVault>, CloudError> {
    let all = pages(async |token| {
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
            .filter(|vault| vault.backup_vault_name() == Some(name.as_str()))
            .filter_map(|vault| found(access, vault))
            .collect();
        Ok((vaults, page.next_token))
    })
    .await?;
    Ok(all.into_iter().next())
}

/// `CreateBackupVault`; the token is the `CreatorRequestId`.
pub(crate) async fn create_vault(
    access: &Access,
    name: &VaultName,
    new: &NewVault,
    token: &str,
) -> Result<(), CloudError> {
    access
        .call(Call::CreateBackupVault, || {
            let call = access
                .clients
                .backup()
                .create_backup_vault()
                .backup_vault_name(name.as_str())
                .creator_request_id(token)
                .set_encryption_key_arn(new.key.as_ref().map(ToString::to_string));
            let tags = new.tags.iter();
            tags.fold(call, |call, (key, value)| {
                call.backup_vault_tags(key, value)
            })
            .send()
        })
        .await
        .map(|_| ())
}

/// `DeleteBackupVault`. One that is gone is no error.
pub(crate) async fn delete_vault(access: &Access, name: &VaultName) -> Result<(), CloudError> {
    let answer = access
        .call(Call::DeleteBackupVault, || {
            access
                .clients
                .backup()
                .delete_backup_vault()
                .backup_vault_name(name.as_str())
                .send()
        })
        .await
        .map(|_| ());
    gone_is_done(answer)
}

/// `PutBackupVaultAccessPolicy`, or `DeleteBackupVaultAccessPolicy` for none.
pub(crate) async fn put_vault_policy(
    access: &Access,
    name: &VaultName,
    policy: Option<&str>,
) -> Result<(), CloudError> {
    match policy {
        Some(policy) => access
            .call(Call::PutBackupVaultAccessPolicy, || {
                access
                    .clients
                    .backup()
                    .put_backup_vault_access_policy()
                    .backup_vault_name(name.as_str())
                    .policy(policy)
                    .send()
            })
            .await
            .map(|_| ()),
        None => access
            .call(Call::DeleteBackupVaultAccessPolicy, || {
                access
                    .clients
                    .backup()
                    .delete_backup_vault_access_policy()
                    .backup_vault_name(name.as_str())
                    .send()
            })
            .await
            .map(|_| ()),
    }
}

/// `PutBackupVaultLockConfiguration`: without `ChangeableForDays` in governance mode.
pub(crate) async fn put_vault_lock(
    access: &Access,
    name: &VaultName,
    lock: &LockWish,
) -> Result<(), CloudError> {
    access
        .call(Call::PutBackupVaultLockConfiguration, || {
            access
                .clients
                .backup()
                .put_backup_vault_lock_configuration()
                .backup_vault_name(name.as_str())
                .set_changeable_for_days(lock.changeable_for_days)
                .set_min_retention_days(lock.min_retention_days)
                .set_max_retention_days(lock.max_retention_days)
                .send()
        })
        .await
        .map(|_| ())
}

/// `DeleteBackupVaultLockConfiguration`.
pub(crate) async fn delete_vault_lock(access: &Access, name: &VaultName) -> Result<(), CloudError> {
    access
        .call(Call::DeleteBackupVaultLockConfiguration, || {
            access
                .clients
                .backup()
                .delete_backup_vault_lock_configuration()
                .backup_vault_name(name.as_str())
                .send()
        })
        .await
        .map(|_| ())
}

fn gone_is_done(answer: Result<(), CloudError>) -> Result<(), CloudError> {
    match answer {
        Err(error) if error.kind == CloudErrorKind::NotFound => Ok(()),
        answer => answer,
    }
}
