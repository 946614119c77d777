use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    model::{Scope, backup_job::percent},
    provider::ProviderError,
};

/// State of a restore job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestoreJobState {
    /// Not begun.
    Pending,
    /// Restores.
    Running,
    /// Done.
    Completed,
    /// Could not be done.
    Failed,
}

impl RestoreJobState {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
        }
    }
}

/// A restore job.
#[derive(Clone, Debug)]
pub struct RestoreJob {
    /// Order of creation in the whole simulation; pages are cut by it.
    pub seq: u64,
    /// UUID in capitals.
    pub id: String,
    /// Account and Region.
    pub scope: Scope,
    /// Point that is restored.
    pub point_arn: String,
    /// When that point was made.
    pub point_created: Timestamp,
    /// Vault of that point.
    pub vault_arn: String,
    /// What the point is a backup of.
    pub source_resource_arn: String,
    /// Its type.
    pub resource_type: String,
    /// What the caller asked for.
    pub metadata: BTreeMap<String, String>,
    /// Role that it runs as.
    pub iam_role_arn: Option<String>,
    /// State.
    pub state: RestoreJobState,
    /// Why it failed.
    pub message: Option<String>,
    /// When it was asked for.
    pub created: Timestamp,
    /// When it began.
    pub started: Option<Timestamp>,
    /// When it is expected to be done.
    pub finish_at: Option<Timestamp>,
    /// When it ended.
    pub completed: Option<Timestamp>,
    /// Size.
    pub size_bytes: u64,
    /// What was made.
    pub created_resource_arn: Option<String>,
    /// For a continuous point, the second that is restored.
    pub restore_time: Option<Timestamp>,
    pub(crate) outcome: Option<Result<String, ProviderError>>,
    pub(crate) overdue: bool,
}

impl RestoreJob {
    /// Percent done at `now`.
    pub fn percent_done(&self, now: Timestamp) -> f64 {
        percent(
            self.state == RestoreJobState::Completed,
            self.started,
            self.finish_at,
            self.completed.unwrap_or(now),
        )
    }
}
