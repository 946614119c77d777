use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{
    backup_jobs::NewJob,
    events::Event,
    protected::ProtectedResource,
    state::{ScopeState, World, later},
    work::Work,
};
use crate::{
    arn::{self, PointArn},
    model::{BackupJob, BackupJobState, Continuous, PointStatus, RecoveryPoint, Scope, VaultType},
    provider::{Captured, ProviderError},
};

impl World {
    pub(crate) fn add_backup_job(&mut self, new: NewJob, now: Timestamp) -> BackupJob {
        let seq = self.next_seq();
        let id = self.new_job_id();
        let pending = self.settings.timing.pending;
        let NewJob { scope, vault, .. } = new;
        let job = BackupJob {
            seq,
            id: id.clone(),
            vault_arn: scope.backup_arn(&format!("backup-vault:{vault}")),
            vault,
            resource_arn: new.resource_arn,
            resource_type: new.resource_type,
            resource_name: new.resource_name,
            iam_role_arn: new.iam_role_arn,
            state: BackupJobState::Created,
            message: None,
            created: now,
            start_by: later(now, SignedDuration::from_mins(new.start_minutes)),
            complete_by: later(now, SignedDuration::from_mins(new.complete_minutes)),
            started: None,
            finish_at: None,
            completed: None,
            size_bytes: None,
            lifecycle: new.lifecycle,
            tags: new.tags,
            options: new.options,
            point_arn: None,
            created_by: new.created_by,
            continuous: new.continuous,
            copy_actions: new.copy_actions,
            captured: None,
            overdue: false,
            scope: scope.clone(),
        };
        let state = self.scope(&scope);
        state.job_by_id.insert(id, seq);
        state.backup_jobs.insert(seq, job.clone());
        self.plan_event(later(now, pending), Event::BackupTries { scope, job: seq });
        job
    }

    pub(crate) fn backup_tries(&mut self, at: Timestamp, scope: &Scope, seq: u64) {
        let retry = self.settings.timing.retry;
        let Some(job) = self.scope(scope).backup_jobs.get(&seq).cloned() else {
            return;
        };
        if job.state != BackupJobState::Created {
            return;
        }
        let busy = self.scope(scope).running.contains_key(&job.resource_arn);
        if busy || self.in_outage(scope, &job.resource_arn, at) {
            if at >= job.start_by {
                self.end_backup(
                    at,
                    scope,
                    seq,
                    BackupJobState::Expired,
                    Some(
                        "Backup job expired before it could start: its start window has passed."
                            .to_owned(),
                    ),
                );
            } else {
                self.plan_event(
                    later(at, retry).min(job.start_by),
                    Event::BackupTries {
                        scope: scope.clone(),
                        job: seq,
                    },
                );
            }
            return;
        }
        self.begin_backup(at, &job);
    }

    fn begin_backup(&mut self, at: Timestamp, job: &BackupJob) {
        let scope = &job.scope;
        let refusal = match self.scope(scope).vaults.get(&job.vault) {
            None => Some(format!("Backup vault {} does not exist", job.vault)),
            Some(vault) => vault
                .lock
                .as_ref()
                .and_then(|lock| lock.refusal(&job.lifecycle)),
        };
        if let Some(why) = refusal {
            self.end_backup(at, scope, job.seq, BackupJobState::Failed, Some(why));
            return;
        }
        let duration = self.vary(self.settings.timing.backup);
        let finish_at = later(at, duration);
        let point = self.new_point(at, job);
        let point_arn = point.arn.clone();
        let state = self.scope(scope);
        state.running.insert(job.resource_arn.clone(), job.seq);
        state.add_point(point);
        if let Some(job) = state.backup_jobs.get_mut(&job.seq) {
            job.state = BackupJobState::Running;
            job.started = Some(at);
            job.finish_at = Some(finish_at);
            job.point_arn = Some(point_arn);
        }
        self.work.push(Work::Capture {
            scope: scope.clone(),
            job: job.seq,
            resource_type: job.resource_type.clone(),
            arn: job.resource_arn.clone(),
            at,
        });
        self.plan_event(
            finish_at.min(job.complete_by),
            Event::BackupFinishes {
                scope: scope.clone(),
                job: job.seq,
            },
        );
    }

    fn new_point(&mut self, at: Timestamp, job: &BackupJob) -> RecoveryPoint {
        let id = self.new_uuid();
        let seq = self.next_seq();
        let stamp = at.strftime("%Y%m%d%H%M%S").to_string();
        let scope = &job.scope;
        let cold_supported = self.cold_supported(&job.resource_type, &job.lifecycle);
        let state = self.scope(scope);
        let managed_dynamodb = state.managed_dynamodb();
        let vault = state.vaults.get(&job.vault);
        let arn = arn::recovery_point(&PointArn {
            scope,
            resource_type: &job.resource_type,
            resource_arn: &job.resource_arn,
            resource_name: &job.resource_name,
            continuous: job.continuous,
            managed_dynamodb,
            id,
            job_id: &job.id,
            stamp: &stamp,
        });
        let managed = arn::fully_managed(&job.resource_type, managed_dynamodb);
        RecoveryPoint {
            seq,
            arn,
            scope: scope.clone(),
            vault: job.vault.clone(),
            vault_arn: job.vault_arn.clone(),
            vault_type: VaultType::Standard,
            source_vault_arn: None,
            resource_arn: job.resource_arn.clone(),
            resource_type: job.resource_type.clone(),
            resource_name: job.resource_name.clone(),
            status: PointStatus::Creating,
            status_message: None,
            created: at,
            initiated: job.created,
            completed: None,
            size_bytes: 0,
            lifecycle: job.lifecycle.clone(),
            cold_supported,
            cold_since: None,
            inherited_delete_at: None,
            encryption_key_arn: vault
                .filter(|_| managed)
                .map(|vault| vault.encryption_key_arn.clone()),
            aws_managed_key: managed && vault.is_some_and(|vault| vault.aws_managed_key),
            iam_role_arn: job.iam_role_arn.clone(),
            created_by: job.created_by.clone(),
            continuous: job.continuous.then(|| Continuous {
                since: at,
                until: None,
                days: job.lifecycle.delete_days().unwrap_or(35).clamp(1, 35),
            }),
            captured: None,
            tags: job.tags.clone(),
            last_restore: None,
        }
    }

    pub(crate) fn backup_captured(
        &mut self,
        now: Timestamp,
        scope: &Scope,
        seq: u64,
        result: Result<Captured, ProviderError>,
    ) {
        let Some(job) = self.scope(scope).backup_jobs.get_mut(&seq) else {
            return;
        };
        let failed = result.is_err();
        job.captured = Some(result);
        if job.state == BackupJobState::Running && (failed || job.overdue) {
            self.settle_backup(now, scope, seq);
        }
    }

    pub(crate) fn backup_finishes(&mut self, at: Timestamp, scope: &Scope, seq: u64) {
        let Some(job) = self.scope(scope).backup_jobs.get_mut(&seq) else {
            return;
        };
        match job.state {
            BackupJobState::Aborting => {
                self.end_backup(
                    at,
                    scope,
                    seq,
                    BackupJobState::Aborted,
                    Some("Backup job was stopped by user.".to_owned()),
                );
            }
            BackupJobState::Running if job.finish_at.is_some_and(|finish| at < finish) => {
                self.end_backup(
                    at,
                    scope,
                    seq,
                    BackupJobState::Aborted,
                    Some("Backup job did not complete within its completion window.".to_owned()),
                );
            }
            BackupJobState::Running if job.captured.is_none() => job.overdue = true,
            BackupJobState::Running => self.settle_backup(at, scope, seq),
            _ => {}
        }
    }

    fn settle_backup(&mut self, at: Timestamp, scope: &Scope, seq: u64) {
        let captured = self
            .scope(scope)
            .backup_jobs
            .get_mut(&seq)
            .and_then(|job| job.captured.take());
        match captured {
            Some(Ok(captured)) => self.complete_backup(at, scope, seq, captured),
            Some(Err(error)) => {
                self.end_backup(at, scope, seq, BackupJobState::Failed, Some(error.message));
            }
            None => {}
        }
    }

    fn complete_backup(&mut self, at: Timestamp, scope: &Scope, seq: u64, captured: Captured) {
        let state = self.scope(scope);
        let size = captured.size_bytes;
        let Some(job) = state.backup_jobs.get_mut(&seq) else {
            return;
        };
        job.size_bytes = Some(size);
        let copies = std::mem::take(&mut job.copy_actions);
        let job = job.clone();
        let point_seq = job
            .point_arn
            .as_ref()
            .and_then(|arn| state.point_by_arn.get(arn).copied());
        let Some(point) = point_seq.and_then(|seq| state.points.get_mut(&seq)) else {
            return;
        };
        finish_point(point, at, captured);
        let point = point.clone();
        protect(state, &point, at);
        self.end_backup(at, scope, seq, BackupJobState::Completed, None);
        self.schedule_lifecycle(&point, at);
        for action in copies {
            self.copy_for_rule(at, &job, &point, action);
        }
    }

    /// Ends a job in any way, and gives its resource free.
    fn end_backup(
        &mut self,
        at: Timestamp,
        scope: &Scope,
        seq: u64,
        ending: BackupJobState,
        message: Option<String>,
    ) {
        let state = self.scope(scope);
        let Some(job) = state.backup_jobs.get_mut(&seq) else {
            return;
        };
        job.state = ending;
        job.message = message;
        job.completed = Some(at);
        if state.running.get(&job.resource_arn) == Some(&seq) {
            state.running.remove(&job.resource_arn);
        }
        if ending != BackupJobState::Completed
            && let Some(arn) = job.point_arn.take()
            && let Some(point) = state.point_by_arn.get(&arn).copied()
        {
            state.remove_point(point);
        }
    }
}

fn finish_point(point: &mut RecoveryPoint, at: Timestamp, captured: Captured) {
    point.status = if point.continuous.is_some() {
        PointStatus::Available
    } else {
        PointStatus::Completed
    };
    point.completed = Some(at);
    point.size_bytes = captured.size_bytes;
    // Types outside AWS Backup's full management keep the resource's own key.
    if point.encryption_key_arn.is_none() {
        let key = ["kmsKeyId", "KmsKeyId", "kmsMasterKeyArn"]
            .into_iter()
            .find_map(|name| captured.restore_metadata.get(name))
            .filter(|key| !key.is_empty());
        point.aws_managed_key = key.is_some_and(|key| key.contains("alias/aws/"));
        point.encryption_key_arn = key.cloned();
    }
    point.captured = Some(Arc::new(captured));
}

pub(crate) fn protect(state: &mut ScopeState, point: &RecoveryPoint, at: Timestamp) {
    state.protected.insert(
        point.resource_arn.clone(),
        ProtectedResource {
            resource_arn: point.resource_arn.clone(),
            resource_type: point.resource_type.clone(),
            resource_name: point.resource_name.clone(),
            last_backup: at,
            last_vault_arn: point.vault_arn.clone(),
            last_point_arn: point.arn.clone(),
        },
    );
}
