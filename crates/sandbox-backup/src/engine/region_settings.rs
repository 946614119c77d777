use std::collections::BTreeMap;

use super::BackupEngine;
use crate::{error::BackupError, model::Scope};

/// Which types are opted in, and which AWS Backup manages itself, per account and Region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegionSettings {
    /// Type → taken by plans.
    pub opt_in: BTreeMap<String, bool>,
    /// Type → managed by AWS Backup (advanced features).
    pub management: BTreeMap<String, bool>,
}

impl BackupEngine {
    /// `DescribeRegionSettings`.
    pub fn region_settings(&self, scope: &Scope) -> RegionSettings {
        let mut world = self.world();
        let state = world.scope(scope);
        RegionSettings {
            opt_in: state.opt_in.clone(),
            management: state.management.clone(),
        }
    }

    /// `UpdateRegionSettings`: changes only what is named.
    pub fn update_region_settings(
        &self,
        scope: &Scope,
        changes: RegionSettings,
    ) -> Result<(), BackupError> {
        let mut world = self.world();
        let state = world.scope(scope);
        if let Some(unknown) = changes
            .opt_in
            .keys()
            .find(|name| !state.opt_in.contains_key(*name))
        {
            return Err(BackupError::invalid(format!(
                "Resource type {unknown} is not supported in this Region"
            )));
        }
        if let Some(unknown) = changes
            .management
            .keys()
            .find(|name| !state.management.contains_key(*name))
        {
            return Err(BackupError::invalid(format!(
                "Resource type {unknown} has no management preference"
            )));
        }
        state.opt_in.extend(changes.opt_in);
        state.management.extend(changes.management);
        Ok(())
    }
}
