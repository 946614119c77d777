use async_trait::async_trait;
use tidemark_domain::{
    LegalHold, Vault, VaultName,
    vaults::{HoldRelease, LockWish, NewHold, NewVault},
};

use super::{CloudError, Target};

/// AWS Backup, for changes of vaults and legal holds. Every call goes to one account and Region through its role.
#[async_trait]
pub trait VaultCloud: Send + Sync {
    /// A vault as AWS lists it, without its access policy (`ListBackupVaults`); none when there is none.
    /// `DescribeBackupVault` says of a vault that is not there that it is denied.
    async fn vault(
        &self,
        target: &Target,
        name: &VaultName,
    ) -> Result<Option<FoundVault>, CloudError>;

    /// `GetBackupVaultAccessPolicy`, byte for byte; none without one.
    async fn vault_policy(
        &self,
        target: &Target,
        name: &VaultName,
    ) -> Result<Option<String>, CloudError>;

    /// `CreateBackupVault`. The same token makes it once; a vault of that name that another token made is a conflict.
    /// Its access policy is another call.
    async fn create_vault(
        &self,
        target: &Target,
        name: &VaultName,
        new: &NewVault,
        token: &str,
    ) -> Result<(), CloudError>;

    /// `DeleteBackupVault`. One that holds anything is invalid; one that is gone is no error.
    async fn delete_vault(&self, target: &Target, name: &VaultName) -> Result<(), CloudError>;

    /// `PutBackupVaultAccessPolicy`, or `DeleteBackupVaultAccessPolicy` for none.
    async fn put_vault_policy(
        &self,
        target: &Target,
        name: &VaultName,
        policy: Option<&str>,
    ) -> Result<(), CloudError>;

    /// `PutBackupVaultLockConfiguration`. An immutable lock is invalid.
    async fn put_vault_lock(
        &self,
        target: &Target,
        name: &VaultName,
        lock: &LockWish,
    ) -> Result<(), CloudError>;

    /// `DeleteBackupVaultLockConfiguration`. An immutable lock is invalid.
    async fn delete_vault_lock(&self, target: &Target, name: &VaultName) -> Result<(), CloudError>;

    /// A legal hold, without the number of its points (`GetLegalHold`); none when there is none, or not any more.
    async fn hold(&self, target: &Target, id: &str) -> Result<Option<LegalHold>, CloudError>;

    /// `CreateLegalHold`; answers its id. The same token makes it once.
    async fn create_hold(
        &self,
        target: &Target,
        new: &NewHold,
        token: &str,
    ) -> Result<String, CloudError>;

    /// `CancelLegalHold`, with why. One that is not active is invalid or a conflict.
    async fn cancel_hold(
        &self,
        target: &Target,
        release: &HoldRelease,
        why: &str,
    ) -> Result<(), CloudError>;
}

/// A vault as AWS lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundVault {
    /// The vault, without its access policy.
    pub vault: Vault,
    /// The token that it was created with (`CreatorRequestId`).
    pub token: Option<String>,
}
