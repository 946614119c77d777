use std::sync::Arc;

use jiff::Timestamp;

use super::{
    backup_progress::protect,
    events::Event,
    state::{World, later},
    work::Work,
};
use crate::{
    arn::{self, PointArn},
    model::{
        BackupJob, CopyAction, CopyJob, CopyJobState, Lifecycle, PointStatus, RecoveryPoint, Scope,
    },
    provider::{Captured, ProviderError},
};

impl World {
    pub(crate) fn copy_for_rule(
        &mut self,
        at: Timestamp,
        job: &BackupJob,
        point: &RecoveryPoint,
        action: CopyAction,
    ) {
        self.add_copy_job(
            point,
            action.destination_backup_vault_arn,
            action.lifecycle,
            job.iam_role_arn.clone(),
            Some(job),
            at,
        );
    }

    pub(crate) fn add_copy_job(
        &mut self,
        point: &RecoveryPoint,
        destination_vault_arn: String,
        lifecycle: Option<Lifecycle>,
        iam_role_arn: String,
        after: Option<&BackupJob>,
        now: Timestamp,
    ) -> CopyJob {
        let seq = self.next_seq();
        let id = self.new_job_id();
        let pending = self.settings.timing.pending;
        let job = CopyJob {
            seq,
            id: id.clone(),
            scope: point.scope.clone(),
            source_vault_arn: point.vault_arn.clone(),
            source_point_arn: point.arn.clone(),
            destination_vault_arn,
            destination_point_arn: None,
            lifecycle,
            resource_arn: point.resource_arn.clone(),
            resource_type: point.resource_type.clone(),
            resource_name: point.resource_name.clone(),
            iam_role_arn,
            state: CopyJobState::Created,
            message: None,
            created: now,
            completed: None,
            size_bytes: point.size_bytes,
            created_by: after.and_then(|job| job.created_by.clone()),
            created_by_backup_job: after.map(|job| job.id.clone()),
        };
        let state = self.scope(&point.scope);
        state.job_by_id.insert(id, seq);
        state.copy_jobs.insert(seq, job.clone());
        self.plan_event(
            later(now, pending),
            Event::CopyStarts {
                scope: point.scope.clone(),
                job: seq,
            },
        );
        job
    }

    pub(crate) fn copy_starts(&mut self, at: Timestamp, scope: &Scope, seq: u64) {
        let duration = self.vary(self.settings.timing.copy);
        if let Some(job) = self.scope(scope).copy_jobs.get_mut(&seq) {
            job.state = CopyJobState::Running;
        }
        self.plan_event(
            later(at, duration),
            Event::CopyFinishes {
                scope: scope.clone(),
                job: seq,
            },
        );
    }

    pub(crate) fn copy_finishes(&mut self, at: Timestamp, scope: &Scope, seq: u64) {
        let state = self.scope(scope);
        let Some(job) = state.copy_jobs.get(&seq).cloned() else {
            return;
        };
        let Some(point) = state.point_by_arn(&job.source_point_arn).cloned() else {
            self.fail_copy(
                at,
                scope,
                seq,
                "The source recovery point no longer exists".to_owned(),
            );
            return;
        };
        if let Err(why) = self.copy_allowed(&job, &point) {
            self.fail_copy(at, scope, seq, why);
            return;
        }
        if point.continuous.is_some() {
            self.work.push(Work::CaptureForCopy {
                scope: scope.clone(),
                job: seq,
                home: point.scope.clone(),
                resource_type: point.resource_type.clone(),
                arn: point.resource_arn.clone(),
                at,
            });
            return;
        }
        // Points that a test has put there have no data, and neither have their copies.
        self.complete_copy(at, &job, &point, point.captured.clone());
    }

    pub(crate) fn copy_captured(
        &mut self,
        now: Timestamp,
        scope: &Scope,
        seq: u64,
        result: Result<Captured, ProviderError>,
    ) {
        let state = self.scope(scope);
        let Some(job) = state.copy_jobs.get(&seq).cloned() else {
            return;
        };
        let point = state.point_by_arn(&job.source_point_arn).cloned();
        match (result, point) {
            (Ok(captured), Some(point)) => {
                self.complete_copy(now, &job, &point, Some(Arc::new(captured)));
            }
            (Err(error), _) => self.fail_copy(now, scope, seq, error.message),
            (Ok(_), None) => {
                self.fail_copy(
                    now,
                    scope,
                    seq,
                    "The source recovery point no longer exists".to_owned(),
                );
            }
        }
    }

    fn complete_copy(
        &mut self,
        at: Timestamp,
        job: &CopyJob,
        source: &RecoveryPoint,
        captured: Option<Arc<Captured>>,
    ) {
        let Some((destination, vault_name)) = arn::vault_parts(&job.destination_vault_arn) else {
            return;
        };
        let id = self.new_uuid();
        let seq = self.next_seq();
        let stamp = at.strftime("%Y%m%d%H%M%S").to_string();
        let lifecycle = job
            .lifecycle
            .clone()
            .unwrap_or_else(|| source.lifecycle.clone());
        let cold_supported = self.cold_supported(&source.resource_type, &lifecycle);
        let state = self.scope(&destination);
        let managed_dynamodb = state.managed_dynamodb();
        let arn = arn::recovery_point(&PointArn {
            scope: &destination,
            resource_type: &source.resource_type,
            resource_arn: &source.resource_arn,
            resource_name: &source.resource_name,
            continuous: false,
            managed_dynamodb,
            id,
            job_id: &job.id,
            stamp: &stamp,
        });
        let Some(vault) = state.vaults.get(vault_name) else {
            self.fail_copy(
                at,
                &job.scope,
                job.seq,
                "The destination backup vault was deleted meanwhile.".to_owned(),
            );
            return;
        };
        let point = RecoveryPoint {
            seq,
            arn: arn.clone(),
            scope: destination.clone(),
            vault: vault.name.clone(),
            vault_arn: vault.arn.clone(),
            vault_type: vault.vault_type,
            source_vault_arn: Some(job.source_vault_arn.clone()),
            status: PointStatus::Completed,
            status_message: None,
            // A snapshot that is copied keeps its date; one taken from a continuous point is new.
            created: if source.continuous.is_some() {
                at
            } else {
                source.created
            },
            initiated: job.created,
            completed: Some(at),
            size_bytes: captured
                .as_ref()
                .map_or(source.size_bytes, |captured| captured.size_bytes),
            inherited_delete_at: lifecycle
                .delete_days()
                .is_none()
                .then(|| source.calculated_lifecycle().delete_at)
                .flatten(),
            lifecycle,
            cold_supported,
            cold_since: None,
            encryption_key_arn: Some(vault.encryption_key_arn.clone()),
            aws_managed_key: vault.aws_managed_key,
            iam_role_arn: job.iam_role_arn.clone(),
            continuous: None,
            captured,
            last_restore: None,
            resource_arn: source.resource_arn.clone(),
            resource_type: source.resource_type.clone(),
            resource_name: source.resource_name.clone(),
            created_by: source.created_by.clone(),
            tags: source.tags.clone(),
        };
        state.add_point(point.clone());
        protect(state, &point, at);
        self.schedule_lifecycle(&point, at);
        if let Some(job) = self.scope(&job.scope).copy_jobs.get_mut(&job.seq) {
            job.state = CopyJobState::Completed;
            job.completed = Some(at);
            job.destination_point_arn = Some(arn);
            job.size_bytes = point.size_bytes;
        }
    }

    pub(super) fn fail_copy(&mut self, at: Timestamp, scope: &Scope, seq: u64, why: String) {
        if let Some(job) = self.scope(scope).copy_jobs.get_mut(&seq) {
            job.state = CopyJobState::Failed;
            job.message = Some(why);
            job.completed = Some(at);
        }
    }
}
