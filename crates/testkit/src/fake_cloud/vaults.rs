//! Changes of vaults and legal holds.

use async_trait::async_trait;
use tidemark_domain::{
    LegalHold, LockState, Vault, VaultName,
    vaults::{HoldRelease, LockWish, NewHold, NewVault},
};
use tidemark_services::ports::{CloudError, CloudErrorKind, FoundVault, Target, VaultCloud};

use super::{
    FakeCloud,
    enter::{answer, scope_of},
    model::State,
};
use crate::build;

fn arn_of(target: &Target, name: &VaultName) -> String {
    build::vault(&scope_of(target), name.as_str())
        .arn
        .to_string()
}

/// Under which a vault's `CreatorRequestId` is kept.
fn token_key(name: &str) -> String {
    format!("vault:{name}")
}

fn missing(state: &mut State, operation: &str, what: &str) -> CloudError {
    answer(
        state,
        CloudErrorKind::NotFound,
        operation,
        "ResourceNotFoundException",
        format!("{what} does not exist"),
    )
}

fn refused(state: &mut State, operation: &str, message: String) -> CloudError {
    answer(
        state,
        CloudErrorKind::Invalid,
        operation,
        "InvalidRequestException",
        message,
    )
}

impl FakeCloud {
    /// A vault with its access policy, as it is now.
    pub fn vault_of(&self, scope: &tidemark_domain::Scope, name: &str) -> Option<Vault> {
        self.lock().scope(scope).vaults.get(name).cloned()
    }

    /// The legal holds of a scope, as they are now.
    pub fn holds_of(&self, scope: &tidemark_domain::Scope) -> Vec<LegalHold> {
        self.lock().scope(scope).holds.values().cloned().collect()
    }

    /// Changes a vault that is there, and is not locked for good.
    fn change_vault(
        &self,
        target: &Target,
        operation: &str,
        name: &VaultName,
        lock: bool,
        change: impl FnOnce(&mut Vault),
    ) -> Result<(), CloudError> {
        let mut state = self.enter(target, operation, &arn_of(target, name))?;
        let now = self.clock.now();
        let scope = scope_of(target);
        let Some(vault) = state.scope(&scope).vaults.get_mut(name.as_str()) else {
            return Err(missing(
                &mut state,
                operation,
                &format!("Backup vault {name}"),
            ));
        };
        if lock && matches!(vault.lock_state(now), LockState::Immutable { .. }) {
            let message = format!("Backup vault lock configuration of {name} is immutable");
            return Err(refused(&mut state, operation, message));
        }
        change(vault);
        Ok(())
    }
}

#[async_trait]
impl VaultCloud for FakeCloud {
    async fn vault(
        &self,
        target: &Target,
        name: &VaultName,
    ) -> Result<Option<FoundVault>, CloudError> {
        let mut state = self.enter(target, "backup:ListBackupVaults", "*")?;
        let model = state.scope(&scope_of(target));
        let token = model.tokens.get(&token_key(name.as_str())).cloned();
        let points = model
            .points
            .values()
            .filter(|point| point.shown.vault.as_deref() == Some(name.as_str()))
            .count();
        Ok(model.vaults.get(name.as_str()).map(|vault| FoundVault {
            vault: Vault {
                points: u64::try_from(points).unwrap_or(u64::MAX),
                access_policy: None,
                ..vault.clone()
            },
            token,
        }))
    }

    async fn vault_policy(
        &self,
        target: &Target,
        name: &VaultName,
    ) -> Result<Option<String>, CloudError> {
        let action = "backup:GetBackupVaultAccessPolicy";
        let mut state = self.enter(target, action, &arn_of(target, name))?;
        let model = state.scope(&scope_of(target));
        Ok(model
            .vaults
            .get(name.as_str())
            .and_then(|vault| vault.access_policy.clone()))
    }

    async fn create_vault(
        &self,
        target: &Target,
        name: &VaultName,
        new: &NewVault,
        token: &str,
    ) -> Result<(), CloudError> {
        const OPERATION: &str = "backup:CreateBackupVault";
        let mut state = self.enter(target, OPERATION, &arn_of(target, name))?;
        let now = self.clock.now();
        let scope = scope_of(target);
        let model = state.scope(&scope);
        let key = token_key(name.as_str());
        if model.vaults.contains_key(name.as_str()) {
            if model.tokens.get(&key).map(String::as_str) == Some(token) {
                return Ok(());
            }
            return Err(answer(
                &mut state,
                CloudErrorKind::Conflict,
                OPERATION,
                "AlreadyExistsException",
                format!("Backup vault with the same name already exists: {name}"),
            ));
        }
        model.tokens.insert(key, token.to_owned());
        model.vaults.insert(
            name.to_string(),
            Vault {
                created_at: Some(now),
                encryption_key: new.key.clone(),
                ..build::vault(&scope, name.as_str())
            },
        );
        Ok(())
    }

    async fn delete_vault(&self, target: &Target, name: &VaultName) -> Result<(), CloudError> {
        const OPERATION: &str = "backup:DeleteBackupVault";
        let mut state = self.enter(target, OPERATION, &arn_of(target, name))?;
        let model = state.scope(&scope_of(target));
        let in_it = |vault: Option<&str>| vault == Some(name.as_str());
        if model
            .points
            .values()
            .any(|point| in_it(point.shown.vault.as_deref()))
        {
            let message = format!(
                "Backup vault cannot be deleted because it contains recovery points: {name}"
            );
            return Err(refused(&mut state, OPERATION, message));
        }
        model.vaults.remove(name.as_str());
        model.tokens.remove(&token_key(name.as_str()));
        Ok(())
    }

    async fn put_vault_policy(
        &self,
        target: &Target,
        name: &VaultName,
        policy: Option<&str>,
    ) -> Result<(), CloudError> {
        let operation = match policy {
            Some(_) => "backup:PutBackupVaultAccessPolicy",
            None => "backup:DeleteBackupVaultAccessPolicy",
        };
        self.change_vault(target, operation, name, false, |vault| {
            vault.access_policy = policy.map(str::to_owned);
        })
    }

    async fn put_vault_lock(
        &self,
        target: &Target,
        name: &VaultName,
        lock: &LockWish,
    ) -> Result<(), CloudError> {
        let now = self.clock.now();
        let operation = "backup:PutBackupVaultLockConfiguration";
        self.change_vault(target, operation, name, true, |vault| {
            vault.locked = true;
            vault.lock_date = lock.lock_date(now);
            vault.min_retention_days = lock.min_retention_days;
            vault.max_retention_days = lock.max_retention_days;
        })
    }

    async fn delete_vault_lock(&self, target: &Target, name: &VaultName) -> Result<(), CloudError> {
        let operation = "backup:DeleteBackupVaultLockConfiguration";
        self.change_vault(target, operation, name, true, |vault| {
            vault.locked = false;
            vault.lock_date = None;
            vault.min_retention_days = None;
            vault.max_retention_days = None;
        })
    }

    async fn hold(&self, target: &Target, id: &str) -> Result<Option<LegalHold>, CloudError> {
        let mut state = self.enter(target, "backup:GetLegalHold", "*")?;
        Ok(state.scope(&scope_of(target)).holds.get(id).cloned())
    }

    async fn create_hold(
        &self,
        target: &Target,
        new: &NewHold,
        token: &str,
    ) -> Result<String, CloudError> {
        let mut state = self.enter(target, "backup:CreateLegalHold", "*")?;
        let scope = scope_of(target);
        if let Some(id) = state.scope(&scope).tokens.get(token) {
            return Ok(id.clone());
        }
        let number = state.next();
        let id = format!("00000000-0000-4000-8000-{number:012}");
        let arn = build::arn(&format!(
            "arn:aws:backup:{}:{}:legal-hold:{id}",
            scope.region, scope.account
        ));
        let made = LegalHold {
            id: id.clone(),
            ..new.as_made(&scope.account, &scope.region, arn, self.clock.now())
        };
        let model = state.scope(&scope);
        model.tokens.insert(token.to_owned(), id.clone());
        model.holds.insert(id.clone(), made);
        Ok(id)
    }

    async fn cancel_hold(
        &self,
        target: &Target,
        release: &HoldRelease,
        why: &str,
    ) -> Result<(), CloudError> {
        const OPERATION: &str = "backup:CancelLegalHold";
        let scope = scope_of(target);
        let arn = format!(
            "arn:aws:backup:{}:{}:legal-hold:{}",
            scope.region, scope.account, release.hold
        );
        let mut state = self.enter(target, OPERATION, &arn)?;
        let now = self.clock.now();
        if why.is_empty() {
            return Err(answer(
                &mut state,
                CloudErrorKind::Invalid,
                OPERATION,
                "MissingParameterValueException",
                "CancelDescription",
            ));
        }
        let Some(hold) = state.scope(&scope).holds.get_mut(&release.hold) else {
            let what = format!("Legal hold {}", release.hold);
            return Err(missing(&mut state, OPERATION, &what));
        };
        if hold.status != "ACTIVE" {
            return Err(answer(
                &mut state,
                CloudErrorKind::Conflict,
                OPERATION,
                "InvalidResourceStateException",
                "the legal hold is not active",
            ));
        }
        "CANCELED".clone_into(&mut hold.status);
        hold.cancelled_at = Some(now);
        Ok(())
    }
}
