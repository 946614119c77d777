use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::BackupEngine;
use crate::{
    arn::{resource_name, resource_type},
    error::BackupError,
    model::{Lifecycle, PointStatus, RecoveryPoint, Scope},
};

/// Recovery points to make at once, without jobs and without data: for tests of lists and of changes
/// to many points. They cannot be restored.
#[derive(Clone, Debug)]
pub struct SeedPoints {
    /// Vault that gets them.
    pub vault: String,
    /// What they are points of.
    pub resource_arn: String,
    /// How many.
    pub count: u32,
    /// When the newest was made.
    pub newest: Timestamp,
    /// Time between two of them.
    pub every: SignedDuration,
    /// Days until deletion; none for never.
    pub delete_after_days: Option<i64>,
    /// Size of each in bytes.
    pub size_bytes: u64,
}

impl BackupEngine {
    /// Makes the points, the newest first; answers their ARNs.
    pub fn seed_points(
        &self,
        scope: &Scope,
        seed: &SeedPoints,
        now: Timestamp,
    ) -> Result<Vec<String>, BackupError> {
        let resource_type = resource_type(&seed.resource_arn).ok_or_else(|| {
            BackupError::invalid(format!(
                "{} is not the ARN of a resource that can be backed up",
                seed.resource_arn
            ))
        })?;
        let mut world = self.world();
        let vault = world.scope(scope).vault(&seed.vault)?.clone();
        let mut arns = Vec::new();
        for number in 0..seed.count {
            let created = i32::try_from(number)
                .ok()
                .and_then(|number| seed.every.checked_mul(number))
                .and_then(|age| seed.newest.checked_sub(age).ok())
                .ok_or_else(|| BackupError::invalid("the points reach too far back"))?;
            let id = world.new_uuid().to_string();
            let point = RecoveryPoint {
                seq: world.next_seq(),
                arn: scope.backup_arn(&format!("recovery-point:{id}")),
                scope: scope.clone(),
                vault: vault.name.clone(),
                vault_arn: vault.arn.clone(),
                vault_type: vault.vault_type,
                source_vault_arn: None,
                resource_arn: seed.resource_arn.clone(),
                resource_type: resource_type.to_owned(),
                resource_name: resource_name(&seed.resource_arn),
                status: PointStatus::Completed,
                status_message: None,
                created,
                initiated: created,
                completed: Some(created),
                size_bytes: seed.size_bytes,
                lifecycle: seed
                    .delete_after_days
                    .map_or_else(Lifecycle::default, Lifecycle::delete_after),
                cold_supported: false,
                cold_since: None,
                inherited_delete_at: None,
                encryption_key_arn: Some(vault.encryption_key_arn.clone()),
                aws_managed_key: vault.aws_managed_key,
                iam_role_arn: format!(
                    "arn:aws:iam::{}:role/service-role/AWSBackupDefaultServiceRole",
                    scope.account
                ),
                created_by: None,
                continuous: None,
                captured: None,
                tags: BTreeMap::new(),
                last_restore: None,
            };
            arns.push(point.arn.clone());
            world.schedule_lifecycle(&point, now);
            world.scope(scope).add_point(point);
        }
        Ok(arns)
    }
}
