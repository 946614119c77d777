use jiff::Timestamp;

use super::BackupEngine;
use crate::{
    arn,
    error::BackupError,
    model::{CopyJob, CopyJobState, Lifecycle, Page, PageRequest, Scope},
    validate,
};

/// `StartCopyJob`.
#[derive(Clone, Debug, Default)]
pub struct StartCopyJob {
    /// Point to copy.
    pub point_arn: String,
    /// Vault that holds it.
    pub source_vault: String,
    /// Vault to copy to, in any account and Region.
    pub destination_vault_arn: String,
    /// Role to run as.
    pub iam_role_arn: String,
    /// Makes the call repeatable.
    pub idempotency_token: Option<String>,
    /// Lifecycle of the copy; the source's where absent.
    pub lifecycle: Option<Lifecycle>,
}

/// Filters of `ListCopyJobs`.
#[derive(Clone, Debug, Default)]
pub struct CopyJobFilter {
    /// What the point is a backup of.
    pub resource_arn: Option<String>,
    /// Its type.
    pub resource_type: Option<String>,
    /// State on the wire.
    pub state: Option<String>,
    /// Vault copied to.
    pub destination_vault_arn: Option<String>,
    /// Point copied from.
    pub source_point_arn: Option<String>,
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
    /// `SUCCESS` or `FAILURE`.
    pub message_category: Option<String>,
}

impl CopyJobFilter {
    fn keeps(&self, job: &CopyJob) -> bool {
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
            && self
                .destination_vault_arn
                .as_ref()
                .is_none_or(|arn| *arn == job.destination_vault_arn)
            && self
                .source_point_arn
                .as_ref()
                .is_none_or(|arn| *arn == job.source_point_arn)
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

impl CopyJob {
    /// `SUCCESS` or `FAILURE`.
    pub fn message_category(&self) -> &'static str {
        if self.state == CopyJobState::Failed {
            "FAILURE"
        } else {
            "SUCCESS"
        }
    }
}

const OPERATION: &str = "StartCopyJob";

impl BackupEngine {
    /// Asks for a copy. What stands in its way is found when the job runs, as in AWS.
    pub fn start_copy_job(
        &self,
        scope: &Scope,
        request: StartCopyJob,
        now: Timestamp,
    ) -> Result<CopyJob, BackupError> {
        validate::role_arn(&request.iam_role_arn)?;
        if let Some(lifecycle) = &request.lifecycle {
            lifecycle.validate()?;
        }
        let Some((destination, name)) = arn::vault_parts(&request.destination_vault_arn) else {
            return Err(BackupError::invalid(format!(
                "Invalid destination backup vault ARN: {}",
                request.destination_vault_arn
            )));
        };
        if destination == *scope && name == request.source_vault {
            return Err(BackupError::request(
                "The destination backup vault is the vault that holds the recovery point",
            ));
        }
        let mut world = self.world();
        let copies_at_once = world.quotas.copies_at_once;
        let state = world.scope(scope);
        if let Some(token) = &request.idempotency_token
            && let Some(existing) = state
                .tokens
                .get(&(OPERATION, token.clone()))
                .and_then(|seq| state.copy_jobs.get(seq))
        {
            return Ok(existing.clone());
        }
        let point = state
            .point_in_vault(&request.source_vault, &request.point_arn)?
            .clone();
        let to_the_region = state.copy_jobs.values().filter(|job| {
            matches!(job.state, CopyJobState::Created | CopyJobState::Running)
                && arn::vault_parts(&job.destination_vault_arn)
                    .is_some_and(|(to, _)| to.region == destination.region)
        });
        if to_the_region.count() >= copies_at_once {
            return Err(BackupError::limit(format!(
                "The limit of {copies_at_once} concurrent copy jobs to {} is reached",
                destination.region
            )));
        }
        if !point.restorable() {
            return Err(BackupError::request(format!(
                "Recovery point is still being created: {}",
                point.arn
            )));
        }
        if point.cold_since.is_some() {
            return Err(BackupError::request(
                "A recovery point in cold storage cannot be copied",
            ));
        }
        let job = world.add_copy_job(
            &point,
            request.destination_vault_arn,
            request.lifecycle,
            request.iam_role_arn,
            None,
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

    /// `DescribeCopyJob`.
    pub fn describe_copy_job(&self, scope: &Scope, id: &str) -> Result<CopyJob, BackupError> {
        let mut world = self.world();
        let state = world.scope(scope);
        state
            .job_by_id
            .get(id)
            .and_then(|seq| state.copy_jobs.get(seq))
            .cloned()
            .ok_or_else(|| BackupError::not_found(format!("Copy job {id} does not exist")))
    }

    /// `ListCopyJobs`, newest first.
    pub fn list_copy_jobs(
        &self,
        scope: &Scope,
        filter: &CopyJobFilter,
        page: &PageRequest,
    ) -> Page<CopyJob> {
        let mut world = self.world();
        let jobs = world.scope(scope).copy_jobs.range(..page.after_seq()).rev();
        Page::cut(
            jobs.filter(|(_, job)| filter.keeps(job))
                .map(|(seq, job)| (*seq, job.clone())),
            page.limit,
        )
    }
}
