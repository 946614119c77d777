use async_trait::async_trait;
use tidemark_domain::{
    LegalHold, VaultName,
    vaults::{HoldRelease, LockWish, NewHold, NewVault},
};
use tidemark_services::ports::{CloudError, FoundVault, Target, VaultCloud};

use super::{access_policy, hold, vaults};
use crate::AwsCloud;

#[async_trait]
impl VaultCloud for AwsCloud {
    async fn vault(
        &self,
        target: &Target,
        name: &VaultName,
    ) -> Result<Option<FoundVault>, CloudError> {
        vaults::find_vault(&self.factory().open(target).await?, name).await
    }

    async fn vault_policy(
        &self,
        target: &Target,
        name: &VaultName,
    ) -> Result<Option<String>, CloudError> {
        access_policy(&self.factory().open(target).await?, name.as_str()).await
    }

    async fn create_vault(
        &self,
        target: &Target,
        name: &VaultName,
        new: &NewVault,
        token: &str,
    ) -> Result<(), CloudError> {
        vaults::create_vault(&self.factory().open(target).await?, name, new, token).await
    }

    async fn delete_vault(&self, target: &Target, name: &VaultName) -> Result<(), CloudError> {
        vaults::delete_vault(&self.factory().open(target).await?, name).await
    }

    async fn put_vault_policy(
        &self,
        target: &Target,
        name: &VaultName,
        policy: Option<&str>,
    ) -> Result<(), CloudError> {
        vaults::put_vault_policy(&self.factory().open(target).await?, name, policy).await
    }

    async fn put_vault_lock(
        &self,
        target: &Target,
        name: &VaultName,
        lock: &LockWish,
    ) -> Result<(), CloudError> {
        vaults::put_vault_lock(&self.factory().open(target).await?, name, lock).await
    }

    async fn delete_vault_lock(&self, target: &Target, name: &VaultName) -> Result<(), CloudError> {
        vaults::delete_vault_lock(&self.factory().open(target).await?, name).await
    }

    async fn hold(&self, target: &Target, id: &str) -> Result<Option<LegalHold>, CloudError> {
        hold::find_hold(&self.factory().open(target).await?, id).await
    }

    async fn create_hold(
        &self,
        target: &Target,
        new: &NewHold,
        token: &str,
    ) -> Result<String, CloudError> {
        hold::create_hold(&self.factory().open(target).await?, new, token).await
    }

    async fn cancel_hold(
        &self,
        target: &Target,
        release: &HoldRelease,
        why: &str,
    ) -> Result<(), CloudError> {
        hold::cancel_hold(&self.factory().open(target).await?, release, why).await
    }
}
