use std::collections::BTreeMap;

use jiff::Timestamp;

use super::BackupEngine;
use crate::{
    error::BackupError,
    model::{Page, PageRequest, Scope, Vault, VaultLock, VaultType, lifecycle::days_after},
    validate,
};

/// `CreateBackupVault` and `CreateLogicallyAirGappedBackupVault`.
#[derive(Clone, Debug, Default)]
pub struct CreateVault {
    /// 2–50 letters, digits, `-` and `_`.
    pub name: String,
    /// Key for fully managed points; AWS's own where absent.
    pub encryption_key_arn: Option<String>,
    /// Makes creation repeatable.
    pub creator_request_id: Option<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// Minimum and maximum retention of an air-gapped vault; `None` makes a standard vault.
    pub air_gapped: Option<(i64, i64)>,
}

/// `PutBackupVaultLockConfiguration`.
#[derive(Clone, Copy, Debug, Default)]
pub struct LockRequest {
    /// Shortest retention.
    pub min_retention_days: Option<i64>,
    /// Longest retention.
    pub max_retention_days: Option<i64>,
    /// Days until the lock is immutable; absent is governance mode.
    pub changeable_for_days: Option<i64>,
}

impl BackupEngine {
    /// Creates a vault.
    pub fn create_vault(
        &self,
        scope: &Scope,
        request: CreateVault,
        now: Timestamp,
    ) -> Result<Vault, BackupError> {
        validate::vault_name(&request.name)?;
        if let Some(id) = &request.creator_request_id {
            validate::display_name("creator request id", id)?;
        }
        let mut world = self.world();
        let quota = world.quotas.vaults;
        let own_key = format!(
            "arn:aws:kms:{}:{}:key/{}",
            scope.region,
            scope.account,
            world.new_uuid()
        );
        let lock = match request.air_gapped {
            None => None,
            Some((min, max)) => Some(air_gapped_lock(min, max, now)?),
        };
        let state = world.scope(scope);
        if let Some(existing) = state.vaults.get(&request.name) {
            let repeated = request.creator_request_id.is_some()
                && existing.creator_request_id == request.creator_request_id;
            if repeated {
                return Ok(existing.clone());
            }
            return Err(BackupError::exists(
                format!(
                    "Backup vault with the same name already exists: {}",
                    request.name
                ),
                &existing.arn,
            ));
        }
        if state.vaults.len() >= quota {
            return Err(BackupError::limit(format!(
                "The limit of {quota} backup vaults is reached"
            )));
        }
        let vault = Vault {
            arn: scope.backup_arn(&format!("backup-vault:{}", request.name)),
            name: request.name.clone(),
            vault_type: if lock.is_some() {
                VaultType::AirGapped
            } else {
                VaultType::Standard
            },
            aws_managed_key: request.encryption_key_arn.is_none() && lock.is_none(),
            encryption_key_arn: request.encryption_key_arn.unwrap_or(own_key),
            created: now,
            creator_request_id: request.creator_request_id,
            tags: request.tags,
            lock,
            access_policy: None,
            point_count: 0,
        };
        state.vaults.insert(request.name, vault.clone());
        Ok(vault)
    }

    /// `DescribeBackupVault`.
    pub fn describe_vault(&self, scope: &Scope, name: &str) -> Result<Vault, BackupError> {
        self.world().scope(scope).vault(name).cloned()
    }

    /// `ListBackupVaults`, by name.
    pub fn list_vaults(
        &self,
        scope: &Scope,
        vault_type: Option<&str>,
        page: &PageRequest,
    ) -> Page<Vault> {
        let mut world = self.world();
        let vaults = world.scope(scope).vaults.values();
        Page::cut(
            vaults
                .filter(|vault| page.after.as_ref().is_none_or(|after| vault.name > *after))
                .filter(|vault| vault_type.is_none_or(|name| vault.vault_type.as_str() == name))
                .map(|vault| (vault.name.clone(), vault.clone())),
            page.limit,
        )
    }

    /// `DeleteBackupVault`: only an empty one, and not one that is locked for good with points in it.
    pub fn delete_vault(&self, scope: &Scope, name: &str) -> Result<(), BackupError> {
        let mut world = self.world();
        let state = world.scope(scope);
        let vault = state.vault(name)?;
        if vault.point_count > 0 {
            return Err(BackupError::request(format!(
                "Backup vault cannot be deleted because it contains recovery points: {name}"
            )));
        }
        state.vaults.remove(name);
        state.points_by_vault.remove(name);
        Ok(())
    }

    /// `PutBackupVaultAccessPolicy`.
    pub fn put_access_policy(
        &self,
        scope: &Scope,
        name: &str,
        policy: &str,
    ) -> Result<(), BackupError> {
        awsim_iam_policy::parse(policy).map_err(|error| {
            BackupError::invalid(format!("The specified policy cannot be parsed: {error}"))
        })?;
        let mut world = self.world();
        world.scope(scope).vault_mut(name)?.access_policy = Some(policy.to_owned());
        Ok(())
    }

    /// `DeleteBackupVaultAccessPolicy`.
    pub fn delete_access_policy(&self, scope: &Scope, name: &str) -> Result<(), BackupError> {
        let mut world = self.world();
        world.scope(scope).vault_mut(name)?.access_policy = None;
        Ok(())
    }

    /// `PutBackupVaultLockConfiguration`.
    pub fn put_lock(
        &self,
        scope: &Scope,
        name: &str,
        request: LockRequest,
        now: Timestamp,
    ) -> Result<(), BackupError> {
        let LockRequest {
            min_retention_days: min,
            max_retention_days: max,
            changeable_for_days: changeable,
        } = request;
        for (parameter, value, least) in [
            ("MinRetentionDays", min, 1),
            ("MaxRetentionDays", max, 1),
            ("ChangeableForDays", changeable, 3),
        ] {
            if value.is_some_and(|value| !(least..=36_500).contains(&value)) {
                return Err(BackupError::invalid(format!(
                    "{parameter} must be between {least} and 36500"
                )));
            }
        }
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            return Err(BackupError::invalid(format!(
                "MinRetentionDays ({min}) cannot be greater than MaxRetentionDays ({max})"
            )));
        }
        let mut world = self.world();
        let vault = world.scope(scope).vault_mut(name)?;
        refuse_if_immutable(vault, now)?;
        vault.lock = Some(VaultLock {
            min_retention_days: min,
            max_retention_days: max,
            lock_date: changeable.and_then(|days| days_after(now, days)),
        });
        Ok(())
    }

    /// `DeleteBackupVaultLockConfiguration`.
    pub fn delete_lock(
        &self,
        scope: &Scope,
        name: &str,
        now: Timestamp,
    ) -> Result<(), BackupError> {
        let mut world = self.world();
        let vault = world.scope(scope).vault_mut(name)?;
        refuse_if_immutable(vault, now)?;
        vault.lock = None;
        Ok(())
    }
}

fn refuse_if_immutable(vault: &Vault, now: Timestamp) -> Result<(), BackupError> {
    if vault.lock.as_ref().is_some_and(|lock| lock.immutable(now)) {
        return Err(BackupError::request(format!(
            "Backup vault lock configuration of {} is immutable and can no longer be changed",
            vault.name
        )));
    }
    Ok(())
}

fn air_gapped_lock(min: i64, max: i64, now: Timestamp) -> Result<VaultLock, BackupError> {
    if min < 7 || max < min || max > 36_500 {
        return Err(BackupError::invalid(
            "A logically air-gapped vault needs MinRetentionDays of at least 7 and a MaxRetentionDays that is \
             not smaller",
        ));
    }
    Ok(VaultLock {
        min_retention_days: Some(min),
        max_retention_days: Some(max),
        lock_date: Some(now),
    })
}
