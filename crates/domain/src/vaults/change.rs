use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{LockWish, PolicyEdit};
use crate::{AccountId, Arn, Invalid, Partition, Region, VaultName, policy::Document};

/// A change of a vault, as asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultRequest {
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// The vault's name.
    pub vault: VaultName,
    /// What is to become of it.
    pub change: VaultChange,
}

/// What is to become of a vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultChange {
    /// It is created (`CreateBackupVault`).
    Create(NewVault),
    /// Its access policy changes (`PutBackupVaultAccessPolicy`, `DeleteBackupVaultAccessPolicy`).
    Policy(PolicyEdit),
    /// It is locked, or its lock changes (`PutBackupVaultLockConfiguration`).
    Lock(LockWish),
    /// Its lock is removed (`DeleteBackupVaultLockConfiguration`).
    Unlock,
    /// It is deleted, empty as it is (`DeleteBackupVault`).
    Delete,
}

/// A vault to create.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewVault {
    /// The customer managed key that encrypts what lies in it; AWS's own where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Arn>,
    /// Tags.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Its access policy (JSON).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
}

impl VaultRequest {
    /// The vault's ARN.
    pub fn arn(&self) -> String {
        let Self {
            account,
            region,
            vault,
            ..
        } = self;
        let partition = Partition::of(region).id();
        format!("arn:{partition}:backup:{region}:{account}:backup-vault:{vault}")
    }

    /// Whether it protects or opens what lies in the vault, which only admins may.
    pub fn protects(&self) -> bool {
        match &self.change {
            VaultChange::Create(new) => new.policy.is_some(),
            VaultChange::Policy(_) | VaultChange::Lock(_) | VaultChange::Unlock => true,
            VaultChange::Delete => false,
        }
    }

    /// Whether the vault's name has to be typed before it starts: what cannot be taken back.
    pub fn wants_name(&self) -> bool {
        match &self.change {
            VaultChange::Lock(wish) => wish.is_compliance(),
            VaultChange::Delete => true,
            VaultChange::Create(_) | VaultChange::Policy(_) | VaultChange::Unlock => false,
        }
    }

    /// The request, where AWS would take it.
    pub fn checked(self) -> Result<Self, Invalid> {
        match &self.change {
            VaultChange::Create(new) => new.check(&self.region)?,
            VaultChange::Policy(edit) => edit.check()?,
            VaultChange::Lock(wish) => wish.check()?,
            VaultChange::Unlock | VaultChange::Delete => {}
        }
        Ok(self)
    }
}

/// Tags that AWS takes on one resource.
const MAX_TAGS: usize = 50;

impl NewVault {
    fn check(&self, region: &Region) -> Result<(), Invalid> {
        if let Some(key) = &self.key {
            if key.service() != "kms" || !key.resource().starts_with("key/") {
                return Err(Invalid::new(
                    "key",
                    "must be the ARN of a KMS key, such as arn:aws:kms:eu-west-1:123456789012:key/…; aliases do not work here",
                ));
            }
            if key.region() != region.as_str() {
                return Err(Invalid::new(
                    "key",
                    format!("must be of the vault's Region, {region}"),
                ));
            }
        }
        if self.tags.len() > MAX_TAGS {
            return Err(Invalid::new("tags", format!("must be at most {MAX_TAGS}")));
        }
        for (key, value) in &self.tags {
            let length = key.chars().count();
            if !(1..=128).contains(&length) || value.chars().count() > 256 {
                return Err(Invalid::new(
                    "tags",
                    "must have keys of 1 to 128 characters and values of at most 256",
                ));
            }
            if key.to_lowercase().starts_with("aws:") {
                return Err(Invalid::new(
                    "tags",
                    format!("must not begin with aws:, which AWS keeps for itself: {key}"),
                ));
            }
        }
        if let Some(policy) = &self.policy {
            Document::read(policy)?;
        }
        Ok(())
    }
}
