use std::collections::BTreeMap;

use jiff::Timestamp;

use super::BackupEngine;
use crate::{error::BackupError, model::Scope};

/// Which accounts belong together. Without any declaration every account is in one organization.
#[derive(Clone, Debug)]
pub struct Organization {
    /// Account → organization id; accounts that are not listed belong to `default_id`.
    pub members: BTreeMap<String, String>,
    /// Organization of accounts that are not listed; `None` is none at all.
    pub default_id: Option<String>,
    /// Whether backups may be copied between its accounts (`isCrossAccountBackupEnabled`).
    pub cross_account_backup: bool,
    /// When that was last changed.
    pub updated: Option<Timestamp>,
}

impl Default for Organization {
    fn default() -> Self {
        Self {
            members: BTreeMap::new(),
            default_id: Some("o-tidemark000".to_owned()),
            cross_account_backup: true,
            updated: None,
        }
    }
}

impl Organization {
    pub(crate) fn of(&self, account: &str) -> Option<&str> {
        self.members
            .get(account)
            .map(String::as_str)
            .or(self.default_id.as_deref())
    }
}

impl BackupEngine {
    /// Declares which accounts belong together.
    pub fn set_organization(&self, organization: Organization) {
        self.world().organization = organization;
    }

    /// The organization that an account is a member of.
    pub fn organization_of(&self, account: &str) -> Option<String> {
        self.world().organization.of(account).map(str::to_owned)
    }

    /// `DescribeGlobalSettings`: the settings and when they last changed.
    pub fn global_settings(&self) -> (BTreeMap<String, String>, Option<Timestamp>) {
        let world = self.world();
        let enabled = world.organization.cross_account_backup;
        let settings = [
            ("isCrossAccountBackupEnabled", enabled),
            ("isMpaEnabled", false),
            ("isDelegatedAdministratorEnabled", false),
        ]
        .into_iter()
        .map(|(name, on)| (name.to_owned(), on.to_string()))
        .collect();
        (settings, world.organization.updated)
    }

    /// `UpdateGlobalSettings`: only cross-account backup can be switched.
    pub fn update_global_settings(
        &self,
        _scope: &Scope,
        settings: &BTreeMap<String, String>,
        now: Timestamp,
    ) -> Result<(), BackupError> {
        let mut world = self.world();
        for (name, value) in settings {
            let on = match value.as_str() {
                "true" => true,
                "false" => false,
                _ => {
                    return Err(BackupError::invalid(format!(
                        "{name} must be true or false"
                    )));
                }
            };
            if name != "isCrossAccountBackupEnabled" {
                return Err(BackupError::invalid(format!(
                    "Unknown global setting: {name}"
                )));
            }
            world.organization.cross_account_backup = on;
        }
        world.organization.updated = Some(now);
        Ok(())
    }
}
