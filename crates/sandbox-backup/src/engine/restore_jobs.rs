use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{
    BackupEngine,
    events::Event,
    state::{World, later},
    work::{RestoreSource, Work},
};
use crate::{
    error::BackupError,
    model::{Page, PageRequest, RecoveryPoint, RestoreJob, RestoreJobState, Scope},
    provider::ProviderError,
    validate,
};

/// `StartRestoreJob`.
#[derive(Clone, Debug, Default)]
pub struct StartRestoreJob {
    /// Point to restore.
    pub point_arn: String,
    /// What to make, under the keys of the type.
    pub metadata: BTreeMap<String, String>,
    /// Role to run as.
    pub iam_role_arn: Option<String>,
    /// Makes the call repeatable.
    pub idempotency_token: Option<String>,
    /// Must be the point's type where given.
    pub resource_type: Option<String>,
}

/// Filters of `ListRestoreJobs` and `ListRestoreJobsByProtectedResource`.
#[derive(Clone, Debug, Default)]
pub struct RestoreJobFilter {
    /// What the point is a backup of.
    pub source_resource_arn: Option<String>,
    /// Its type.
    pub resource_type: Option<String>,
    /// State on the wire.
    pub status: Option<String>,
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
    /// Point created before.
    pub point_created_before: Option<Timestamp>,
    /// Point created after.
    pub point_created_after: Option<Timestamp>,
    /// Parent of a composite job, or a restore testing plan; the simulation has neither.
    pub parent: Option<String>,
}

impl RestoreJobFilter {
    fn keeps(&self, job: &RestoreJob) -> bool {
        self.parent.is_none()
            && self
                .source_resource_arn
                .as_ref()
                .is_none_or(|arn| *arn == job.source_resource_arn)
            && self
                .resource_type
                .as_ref()
                .is_none_or(|name| *name == job.resource_type)
            && self
                .status
                .as_ref()
                .is_none_or(|status| status == job.state.as_str())
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
                .point_created_before
                .is_none_or(|before| job.point_created < before)
            && self
                .point_created_after
                .is_none_or(|after| job.point_created > after)
    }
}

const OPERATION: &str = "StartRestoreJob";

impl BackupEngine {
    /// Asks for a restore.
    pub fn start_restore_job(
        &self,
        scope: &Scope,
        request: StartRestoreJob,
        now: Timestamp,
    ) -> Result<RestoreJob, BackupError> {
        if let Some(role) = &request.iam_role_arn {
            validate::role_arn(role)?;
        }
        let mut world = self.world();
        let lag = world.settings.continuous_lag;
        let pending = world.settings.timing.pending;
        let state = world.scope(scope);
        if let Some(token) = &request.idempotency_token
            && let Some(existing) = state
                .tokens
                .get(&(OPERATION, token.clone()))
                .and_then(|seq| state.restore_jobs.get(seq))
        {
            return Ok(existing.clone());
        }
        let point = state
            .point_by_arn(&request.point_arn)
            .cloned()
            .ok_or_else(|| {
                BackupError::not_found(format!(
                    "Recovery point does not exist: {}",
                    request.point_arn
                ))
            })?;
        if !point.restorable() {
            return Err(BackupError::request(format!(
                "Recovery point is still being created: {}",
                point.arn
            )));
        }
        if let Some(given) = &request.resource_type
            && *given != point.resource_type
        {
            return Err(BackupError::invalid(format!(
                "Resource type {given} does not match the recovery point's {}",
                point.resource_type
            )));
        }
        let restore_time = match &point.continuous {
            Some(_) => Some(restore_time(&point, &request.metadata, now, lag)?),
            None => None,
        };
        let seq = world.next_seq();
        let id = world.new_job_id();
        let job = RestoreJob {
            seq,
            id: id.clone(),
            scope: scope.clone(),
            point_arn: point.arn,
            point_created: point.created,
            vault_arn: point.vault_arn,
            source_resource_arn: point.resource_arn,
            resource_type: point.resource_type,
            metadata: request.metadata,
            iam_role_arn: request.iam_role_arn,
            state: RestoreJobState::Pending,
            message: None,
            created: now,
            started: None,
            finish_at: None,
            completed: None,
            size_bytes: point.size_bytes,
            created_resource_arn: None,
            restore_time,
            outcome: None,
            overdue: false,
        };
        let state = world.scope(scope);
        state.job_by_id.insert(id, seq);
        state.restore_jobs.insert(seq, job.clone());
        if let Some(token) = request.idempotency_token {
            state.tokens.insert((OPERATION, token), seq);
        }
        world.plan_event(
            later(now, pending),
            Event::RestoreStarts {
                scope: scope.clone(),
                job: seq,
            },
        );
        Ok(job)
    }

    /// `DescribeRestoreJob`.
    pub fn describe_restore_job(&self, scope: &Scope, id: &str) -> Result<RestoreJob, BackupError> {
        let mut world = self.world();
        let state = world.scope(scope);
        state
            .job_by_id
            .get(id)
            .and_then(|seq| state.restore_jobs.get(seq))
            .cloned()
            .ok_or_else(|| BackupError::not_found(format!("Restore job {id} does not exist")))
    }

    /// `ListRestoreJobs`, newest first.
    pub fn list_restore_jobs(
        &self,
        scope: &Scope,
        filter: &RestoreJobFilter,
        page: &PageRequest,
    ) -> Page<RestoreJob> {
        let mut world = self.world();
        let jobs = world
            .scope(scope)
            .restore_jobs
            .range(..page.after_seq())
            .rev();
        Page::cut(
            jobs.filter(|(_, job)| filter.keeps(job))
                .map(|(seq, job)| (*seq, job.clone())),
            page.limit,
        )
    }
}

/// The second that a caller asks for, inside the window of a continuous point.
fn restore_time(
    point: &RecoveryPoint,
    metadata: &BTreeMap<String, String>,
    now: Timestamp,
    lag: SignedDuration,
) -> Result<Timestamp, BackupError> {
    let Some(window) = &point.continuous else {
        return Ok(now);
    };
    let earliest = window.earliest(window.until.unwrap_or(now));
    let latest = window
        .until
        .unwrap_or_else(|| now.checked_sub(lag).unwrap_or(now))
        .max(earliest);
    let find = |name: &str| {
        metadata
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    };
    let wanted = match find("RestoreTime") {
        Some(text) => text
            .parse::<Timestamp>()
            .ok()
            .or_else(|| {
                text.parse::<f64>()
                    .ok()
                    .and_then(|seconds| SignedDuration::try_from_secs_f64(seconds).ok())
                    .and_then(|since| Timestamp::from_duration(since).ok())
            })
            .ok_or_else(|| BackupError::invalid(format!("Invalid restore time: {text}")))?,
        None if find("UseLatestRestorableTime").is_none_or(|text| text == "true") => latest,
        None => {
            return Err(BackupError::invalid(
                "A continuous recovery point needs a restore time",
            ));
        }
    };
    if (earliest..=latest).contains(&wanted) {
        return Ok(wanted);
    }
    Err(BackupError::invalid(format!(
        "Invalid restore time: {wanted} is not between {earliest} and {latest}"
    )))
}

impl World {
    pub(crate) fn restore_starts(&mut self, at: Timestamp, scope: &Scope, seq: u64) {
        let duration = self.vary(self.settings.timing.restore);
        let finish_at = later(at, duration);
        let state = self.scope(scope);
        let Some(job) = state.restore_jobs.get_mut(&seq) else {
            return;
        };
        job.state = RestoreJobState::Running;
        job.started = Some(at);
        job.finish_at = Some(finish_at);
        let job = job.clone();
        let point = state.point_by_arn(&job.point_arn);
        let source = match (point, job.restore_time) {
            (Some(point), Some(wanted)) => Some(RestoreSource::Journal {
                home: point.scope.clone(),
                arn: point.resource_arn.clone(),
                at: wanted,
            }),
            (Some(point), None) => point.captured.clone().map(RestoreSource::Snapshot),
            (None, _) => None,
        };
        let Some(source) = source else {
            self.end_restore(
                at,
                scope,
                seq,
                Err("The recovery point no longer exists.".to_owned()),
            );
            return;
        };
        self.work.push(Work::Restore {
            scope: scope.clone(),
            job: seq,
            resource_type: job.resource_type,
            source,
            metadata: job.metadata,
            at,
        });
        self.plan_event(
            finish_at,
            Event::RestoreFinishes {
                scope: scope.clone(),
                job: seq,
            },
        );
    }

    pub(crate) fn restore_done(
        &mut self,
        now: Timestamp,
        scope: &Scope,
        seq: u64,
        result: Result<String, ProviderError>,
    ) {
        let Some(job) = self.scope(scope).restore_jobs.get_mut(&seq) else {
            return;
        };
        match result {
            Err(error) => self.end_restore(now, scope, seq, Err(error.message)),
            Ok(created) if job.overdue => self.end_restore(now, scope, seq, Ok(created)),
            Ok(created) => {
                job.created_resource_arn = Some(created.clone());
                job.outcome = Some(Ok(created));
            }
        }
    }

    pub(crate) fn restore_finishes(&mut self, at: Timestamp, scope: &Scope, seq: u64) {
        let Some(job) = self.scope(scope).restore_jobs.get_mut(&seq) else {
            return;
        };
        if job.state != RestoreJobState::Running {
            return;
        }
        match job.outcome.take() {
            None => job.overdue = true,
            Some(outcome) => {
                let outcome = outcome.map_err(|error| error.message);
                self.end_restore(at, scope, seq, outcome);
            }
        }
    }

    fn end_restore(
        &mut self,
        at: Timestamp,
        scope: &Scope,
        seq: u64,
        outcome: Result<String, String>,
    ) {
        let state = self.scope(scope);
        let Some(job) = state.restore_jobs.get_mut(&seq) else {
            return;
        };
        job.completed = Some(at);
        match outcome {
            Ok(created) => {
                job.state = RestoreJobState::Completed;
                job.created_resource_arn = Some(created);
                let point = state.point_by_arn.get(&job.point_arn).copied();
                if let Some(point) = point.and_then(|seq| state.points.get_mut(&seq)) {
                    point.last_restore = Some(at);
                }
            }
            Err(why) => {
                job.state = RestoreJobState::Failed;
                job.message = Some(why);
            }
        }
    }
}
