use std::{collections::BTreeMap, ops::ControlFlow};

use jiff::Timestamp;

use super::{BackupEngine, events::Event, state::ScopeState};
use crate::{
    error::{BackupError, ErrorKind},
    model::{Lifecycle, Page, PageRequest, PointStatus, RecoveryPoint, Scope},
};

/// Filters of `ListRecoveryPointsByBackupVault`.
#[derive(Clone, Debug, Default)]
pub struct PointFilter {
    /// What it is a backup of.
    pub resource_arn: Option<String>,
    /// Type of that.
    pub resource_type: Option<String>,
    /// Plan that made it.
    pub plan_id: Option<String>,
    /// Created before.
    pub created_before: Option<Timestamp>,
    /// Created after.
    pub created_after: Option<Timestamp>,
    /// Parent of a composite point; the simulation makes none, so this finds nothing.
    pub parent_arn: Option<String>,
}

impl PointFilter {
    fn keeps(&self, point: &RecoveryPoint) -> bool {
        let created_by = || point.created_by.as_ref().map(|by| &by.backup_plan_id);
        self.parent_arn.is_none()
            && self
                .resource_arn
                .as_ref()
                .is_none_or(|arn| *arn == point.resource_arn)
            && self
                .resource_type
                .as_ref()
                .is_none_or(|name| *name == point.resource_type)
            && self
                .plan_id
                .as_ref()
                .is_none_or(|id| created_by() == Some(id))
            && self
                .created_before
                .is_none_or(|before| point.created < before)
            && self.created_after.is_none_or(|after| point.created > after)
    }
}

fn no_such_point(arn: &str) -> BackupError {
    BackupError::not_found(format!("Recovery point does not exist: {arn}"))
}

impl ScopeState {
    pub(crate) fn point_in_vault(
        &self,
        vault: &str,
        arn: &str,
    ) -> Result<&RecoveryPoint, BackupError> {
        self.vault(vault)?;
        self.point_by_arn(arn)
            .filter(|point| point.vault == vault)
            .ok_or_else(|| no_such_point(arn))
    }

    /// Why the point may not be deleted now.
    pub(crate) fn deletion_refusal(&self, point: &RecoveryPoint) -> Option<BackupError> {
        if self.held(point) {
            return Some(BackupError::request(format!(
                "Recovery point is under an active legal hold and cannot be deleted or disassociated: {}",
                point.arn
            )));
        }
        let locked = self
            .vaults
            .get(&point.vault)
            .is_some_and(|vault| vault.lock.is_some());
        locked.then(|| {
            BackupError::request(format!(
                "Backup vault {} is configured with Vault Lock: recovery points in it cannot be deleted",
                point.vault
            ))
        })
    }

    pub(crate) fn held(&self, point: &RecoveryPoint) -> bool {
        self.holds.values().any(|hold| hold.covers(point))
    }
}

impl BackupEngine {
    /// `ListRecoveryPointsByBackupVault`, newest first.
    pub fn list_points_by_vault(
        &self,
        scope: &Scope,
        vault: &str,
        filter: &PointFilter,
        page: &PageRequest,
    ) -> Result<Page<RecoveryPoint>, BackupError> {
        let mut world = self.world();
        let state = world.scope(scope);
        state.vault(vault)?;
        let points = state
            .points_by_vault
            .get(vault)
            .into_iter()
            .flat_map(|set| set.range(..page.after_seq()).rev())
            .filter_map(|seq| state.points.get(seq))
            .filter(|point| filter.keeps(point));
        Ok(Page::cut(
            points.map(|point| (point.seq, point.clone())),
            page.limit,
        ))
    }

    /// `ListRecoveryPointsByResource`, newest first.
    pub fn list_points_by_resource(
        &self,
        scope: &Scope,
        resource_arn: &str,
        page: &PageRequest,
    ) -> Page<RecoveryPoint> {
        let mut world = self.world();
        let state = world.scope(scope);
        let points = state
            .points_by_resource
            .get(resource_arn)
            .into_iter()
            .flat_map(|set| set.range(..page.after_seq()).rev())
            .filter_map(|seq| state.points.get(seq));
        Page::cut(points.map(|point| (point.seq, point.clone())), page.limit)
    }

    /// `DescribeRecoveryPoint`.
    pub fn describe_point(
        &self,
        scope: &Scope,
        vault: &str,
        arn: &str,
    ) -> Result<RecoveryPoint, BackupError> {
        self.world()
            .scope(scope)
            .point_in_vault(vault, arn)
            .cloned()
    }

    /// `GetRecoveryPointRestoreMetadata`.
    pub fn restore_metadata(
        &self,
        scope: &Scope,
        vault: &str,
        arn: &str,
    ) -> Result<(RecoveryPoint, BTreeMap<String, String>), BackupError> {
        let point = self.describe_point(scope, vault, arn)?;
        let metadata = point
            .captured
            .as_ref()
            .map(|captured| captured.restore_metadata.clone())
            .ok_or_else(|| {
                BackupError::request(format!("Recovery point is still being created: {arn}"))
            })?;
        Ok((point, metadata))
    }

    /// `DeleteRecoveryPoint`: refused under a lock or a legal hold.
    pub fn delete_point(&self, scope: &Scope, vault: &str, arn: &str) -> Result<(), BackupError> {
        let mut world = self.world();
        let state = world.scope(scope);
        let point = state.point_in_vault(vault, arn)?;
        if point.status == PointStatus::Creating {
            return Err(BackupError::new(
                ErrorKind::InvalidState,
                format!("Recovery point is still being created: {arn}"),
            ));
        }
        if let Some(refusal) = state.deletion_refusal(point) {
            return Err(refusal);
        }
        let seq = point.seq;
        state.remove_point(seq);
        Ok(())
    }

    /// `DisassociateRecoveryPoint`: gives a continuous point back to its service.
    pub fn disassociate_point(
        &self,
        scope: &Scope,
        vault: &str,
        arn: &str,
    ) -> Result<(), BackupError> {
        let mut world = self.world();
        let state = world.scope(scope);
        let point = state.point_in_vault(vault, arn)?;
        if point.continuous.is_none() {
            return Err(BackupError::request(
                "Disassociation is supported for continuous recovery points only",
            ));
        }
        if let Some(refusal) = state.deletion_refusal(point) {
            return Err(refusal);
        }
        let seq = point.seq;
        state.remove_point(seq);
        Ok(())
    }

    /// `UpdateRecoveryPointLifecycle`.
    pub fn update_lifecycle(
        &self,
        scope: &Scope,
        vault: &str,
        arn: &str,
        lifecycle: Lifecycle,
        now: Timestamp,
    ) -> Result<RecoveryPoint, BackupError> {
        lifecycle.validate()?;
        let mut world = self.world();
        let state = world.scope(scope);
        let point = state.point_in_vault(vault, arn)?;
        let seq = point.seq;
        if point.continuous.is_some() {
            return Err(BackupError::request(
                "The lifecycle of a continuous recovery point cannot be updated",
            ));
        }
        if state.vault(vault)?.lock.is_some() {
            return Err(BackupError::request(format!(
                "Backup vault {vault} is configured with Vault Lock: lifecycles in it cannot be changed"
            )));
        }
        let moved = point.cold_since.is_some();
        if moved && lifecycle.cold_days() != point.lifecycle.cold_days() {
            return Err(BackupError::request(
                "MoveToColdStorageAfterDays cannot be changed after the recovery point has been transitioned to \
                 cold storage",
            ));
        }
        let resource_type = point.resource_type.clone();
        let cold_supported = world.cold_supported(&resource_type, &lifecycle);
        let Some(point) = world.scope(scope).points.get_mut(&seq) else {
            return Err(no_such_point(arn));
        };
        point.lifecycle = lifecycle;
        point.cold_supported = cold_supported;
        point.inherited_delete_at = None;
        let updated = point.clone();
        world.schedule_lifecycle(&updated, now);
        Ok(updated)
    }

    /// Visits every recovery point of every scope, for seeding and for checks.
    pub fn for_each_point(&self, mut visit: impl FnMut(&RecoveryPoint) -> ControlFlow<()>) {
        let world = self.world();
        for state in world.scopes.values() {
            for point in state.points.values() {
                if visit(point).is_break() {
                    return;
                }
            }
        }
    }
}

impl super::state::World {
    /// Plans the cold transition and the expiry of a point.
    pub(crate) fn schedule_lifecycle(&mut self, point: &RecoveryPoint, now: Timestamp) {
        let dates = point.calculated_lifecycle();
        if let Some(at) = dates.move_to_cold_storage_at
            && point.cold_since.is_none()
        {
            self.plan_event(
                at.max(now),
                Event::PointCools {
                    scope: point.scope.clone(),
                    point: point.seq,
                },
            );
        }
        if let Some(at) = dates.delete_at {
            self.plan_event(
                at.max(now),
                Event::PointExpires {
                    scope: point.scope.clone(),
                    point: point.seq,
                },
            );
        }
    }
}
