use std::collections::BTreeMap;

use super::{BackupEngine, state::ScopeState};
use crate::{error::BackupError, model::Scope};

const MOST_TAGS: usize = 50;

impl BackupEngine {
    /// `ListTags`: of a vault, plan, recovery point or legal hold.
    pub fn tags(&self, scope: &Scope, arn: &str) -> Result<BTreeMap<String, String>, BackupError> {
        let mut world = self.world();
        tags_of(world.scope(scope), arn).map(|tags| tags.clone())
    }

    /// `TagResource`.
    pub fn tag(
        &self,
        scope: &Scope,
        arn: &str,
        tags: BTreeMap<String, String>,
    ) -> Result<(), BackupError> {
        for (key, value) in &tags {
            if key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256 {
                return Err(BackupError::invalid(format!(
                    "Invalid tag {key:?}: a key has 1 to 128 characters, a value at most 256"
                )));
            }
            if key.starts_with("aws:") {
                return Err(BackupError::invalid(format!(
                    "Invalid tag {key:?}: keys that begin with aws: are reserved"
                )));
            }
        }
        let mut world = self.world();
        let held = tags_of(world.scope(scope), arn)?;
        let mut all = held.clone();
        all.extend(tags);
        if all.len() > MOST_TAGS {
            return Err(BackupError::limit(format!(
                "The limit of {MOST_TAGS} tags is reached"
            )));
        }
        *held = all;
        Ok(())
    }

    /// `UntagResource`.
    pub fn untag(&self, scope: &Scope, arn: &str, keys: &[String]) -> Result<(), BackupError> {
        let mut world = self.world();
        let held = tags_of(world.scope(scope), arn)?;
        for key in keys {
            held.remove(key);
        }
        Ok(())
    }
}

fn tags_of<'a>(
    state: &'a mut ScopeState,
    arn: &str,
) -> Result<&'a mut BTreeMap<String, String>, BackupError> {
    let missing = || BackupError::not_found(format!("Resource does not exist: {arn}"));
    if let Some(seq) = state.point_by_arn.get(arn).copied() {
        return state
            .points
            .get_mut(&seq)
            .map(|point| &mut point.tags)
            .ok_or_else(missing);
    }
    let kind = arn.split(':').nth(5).unwrap_or_default();
    match kind {
        "backup-vault" => state
            .vaults
            .values_mut()
            .find(|vault| vault.arn == arn)
            .map(|vault| &mut vault.tags),
        "backup-plan" => state
            .plans
            .values_mut()
            .find(|plan| plan.arn == arn && plan.deleted.is_none())
            .map(|plan| &mut plan.tags),
        "legal-hold" => state
            .holds
            .values_mut()
            .find(|hold| hold.arn == arn)
            .map(|hold| &mut hold.tags),
        _ => None,
    }
    .ok_or_else(missing)
}
