use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{BackupEngine, events::Event, state::later};
use crate::{
    arn,
    error::BackupError,
    model::{
        BackupJob, BackupJobState, CopyAction, CreatedBy, Lifecycle, Page, PageRequest, Scope,
        VaultType,
    },
    validate,
};

/// `StartBackupJob`.
#[derive(Clone, Debug, Default)]
pub struct StartBackupJob {
    /// Vault to write to.
    pub vault: String,
    /// What to back up.
    pub resource_arn: String,
    /// Role to run as.
    pub iam_role_arn: String,
    /// Makes the call repeatable.
    pub idempotency_token: Option<String>,
    /// How long the job may wait to start.
    pub start_window_minutes: Option<i64>,
    /// How long it may take.
    pub complete_window_minutes: Option<i64>,
    /// Lifecycle of the point.
    pub lifecycle: Lifecycle,
    /// Tags of the point.
    pub tags: BTreeMap<String, String>,
    /// `BackupOptions`.
    pub options: BTreeMap<String, String>,
}

/// Answer of `StartBackupJob`.
pub type StartedBackupJob = BackupJob;

/// Filters of `ListBackupJobs`.
#[derive(Clone, Debug, Default)]
pub struct BackupJobFilter {
    /// What is backed up.
    pub resource_arn: Option<String>,
    /// Its type.
    pub resource_type: Option<String>,
    /// State on the wire.
    pub state: Option<String>,
    /// Vault.
    pub vault: Option<String>,
    /// Account; `*` is every one that the caller sees.
    pub account: Option<String>,
    /// Created before.
    pub created_before: Option<Timestamp>,
    /// Created after.
    pub created_after: Option<Timestamp>,
    /// Ended before.
    pub complete_before: Option<Timestamp>,
    /// Ended after.
    pub complete_after: Option<Timestamp>,
    /// Parent of a composite job; the simulation makes none.
    pub parent_job: Option<String>,
    /// `SUCCESS`, or a category of failure.
    pub message_category: Option<String>,
}

impl BackupJobFilter {
    fn keeps(&self, job: &BackupJob) -> bool {
        self.parent_job.is_none()
            && self
                .resource_arn
                .as_ref()
                .is_none_or(|arn| *arn == job.resource_arn)
            && self
                .resource_type
                .as_ref()
                .is_none_or(|name| *name == job.resource_type)
            && self
                .state
                .as_ref()
                .is_none_or(|state| state == job.state.as_str())
            && self.vault.as_ref().is_none_or(|name| *name == job.vault)
            && self
                .account
                .as_ref()
                .is_none_or(|id| id == "*" || *id == job.scope.account)
            && self
                .created_before
                .is_none_or(|before| job.created < before)
            && self.created_after.is_none_or(|after| job.created > after)
            && self
                .complete_before
                .is_none_or(|before| job.completed.is_some_and(|at| at < before))
            && self
                .complete_after
                .is_none_or(|after| job.completed.is_some_and(|at| at > after))
            && self
                .message_category
                .as_ref()
                .is_none_or(|category| category == "*" || category == job.message_category())
    }
}

impl BackupJob {
    /// `SUCCESS` for jobs without a complaint, else the category of the failure.
    pub fn message_category(&self) -> &'static str {
        match self.state {
            BackupJobState::Failed => "FAILURE",
            BackupJobState::Expired => "EXPIRED",
            BackupJobState::Aborted | BackupJobState::Aborting => "ABORTED",
            _ => "SUCCESS",
        }
    }
}

/// What a job is made from, whether a caller or a rule asked for it.
pub(crate) struct NewJob {
    pub scope: Scope,
    pub vault: String,
    pub resource_arn: String,
    pub resource_type: String,
    pub resource_name: String,
    pub iam_role_arn: String,
    pub start_minutes: i64,
    pub complete_minutes: i64,
    pub lifecycle: Lifecycle,
    pub tags: BTreeMap<String, String>,
    pub options: BTreeMap<String, String>,
    pub created_by: Option<CreatedBy>,
    pub continuous: bool,
    pub copy_actions: Vec<CopyAction>,
}

const OPERATION: &str = "StartBackupJob";

impl BackupEngine {
    /// Asks for a backup now.
    pub fn start_backup_job(
        &self,
        scope: &Scope,
        request: StartBackupJob,
        now: Timestamp,
    ) -> Result<StartedBackupJob, BackupError> {
        let resource_type = arn::resource_type(&request.resource_arn)
            .filter(|name| self.providers().contains_key(name))
            .ok_or_else(|| {
                BackupError::invalid(format!(
                    "Invalid resource ARN, or a resource type that is not supported: {}",
                    request.resource_arn
                ))
            })?;
        validate::role_arn(&request.iam_role_arn)?;
        request.lifecycle.validate()?;
        let (start_minutes, complete_minutes) = validate::windows(
            request.start_window_minutes,
            request.complete_window_minutes,
        )?;
        let mut world = self.world();
        let state = world.scope(scope);
        let vault = state.vault(&request.vault)?;
        if vault.vault_type == VaultType::AirGapped {
            return Err(BackupError::request(
                "A logically air-gapped vault takes copies only, not backup jobs",
            ));
        }
        if let Some(token) = &request.idempotency_token
            && let Some(existing) = state
                .tokens
                .get(&(OPERATION, token.clone()))
                .and_then(|seq| state.backup_jobs.get(seq))
        {
            return Ok(existing.clone());
        }
        let job = world.add_backup_job(
            NewJob {
                scope: scope.clone(),
                vault: request.vault,
                resource_name: arn::resource_name(&request.resource_arn),
                resource_arn: request.resource_arn,
                resource_type: resource_type.to_owned(),
                iam_role_arn: request.iam_role_arn,
                start_minutes,
                complete_minutes,
                lifecycle: request.lifecycle,
                tags: request.tags,
                options: request.options,
                created_by: None,
                continuous: false,
                copy_actions: Vec::new(),
            },
            now,
        );
        if let Some(token) = request.idempotency_token {
            world
                .scope(scope)
                .tokens
                .insert((OPERATION, token), job.seq);
        }
        Ok(job)
    }

    /// `DescribeBackupJob`.
    pub fn describe_backup_job(&self, scope: &Scope, id: &str) -> Result<BackupJob, BackupError> {
        let mut world = self.world();
        let state = world.scope(scope);
        state
            .job_by_id
            .get(id)
            .and_then(|seq| state.backup_jobs.get(seq))
            .cloned()
            .ok_or_else(|| no_such_job(id))
    }

    /// `ListBackupJobs`, newest first.
    pub fn list_backup_jobs(
        &self,
        scope: &Scope,
        filter: &BackupJobFilter,
        page: &PageRequest,
    ) -> Page<BackupJob> {
        let mut world = self.world();
        let jobs = world
            .scope(scope)
            .backup_jobs
            .range(..page.after_seq())
            .rev();
        Page::cut(
            jobs.filter(|(_, job)| filter.keeps(job))
                .map(|(seq, job)| (*seq, job.clone())),
            page.limit,
        )
    }

    /// `StopBackupJob`.
    pub fn stop_backup_job(
        &self,
        scope: &Scope,
        id: &str,
        now: Timestamp,
    ) -> Result<(), BackupError> {
        const UNSTOPPABLE: [&str; 6] = [
            "RDS",
            "Aurora",
            "DocumentDB",
            "FSx",
            "Neptune",
            "SAP HANA on Amazon EC2",
        ];
        let mut world = self.world();
        let pending = world.settings.timing.pending;
        let state = world.scope(scope);
        let job = state
            .job_by_id
            .get(id)
            .and_then(|seq| state.backup_jobs.get_mut(seq))
            .ok_or_else(|| no_such_job(id))?;
        if UNSTOPPABLE.contains(&job.resource_type.as_str()) {
            return Err(BackupError::request(format!(
                "Stopping a backup job is not supported for {}",
                job.resource_type
            )));
        }
        if !job.active() {
            return Err(BackupError::request(format!(
                "Backup job {id} is in state {} and cannot be stopped",
                job.state.as_str()
            )));
        }
        job.state = BackupJobState::Aborting;
        let seq = job.seq;
        world.plan_event(
            later(now, pending),
            Event::BackupFinishes {
                scope: scope.clone(),
                job: seq,
            },
        );
        Ok(())
    }
}

fn no_such_job(id: &str) -> BackupError {
    BackupError::not_found(format!("Backup job {id} does not exist"))
}
