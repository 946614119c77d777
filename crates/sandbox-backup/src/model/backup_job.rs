use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    model::{CopyAction, CreatedBy, Lifecycle, Scope},
    provider::{Captured, ProviderError},
};

/// State of a backup job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupJobState {
    /// Waits inside its start window.
    Created,
    /// Copies data.
    Running,
    /// Asked to stop.
    Aborting,
    /// Stopped, or its completion window passed.
    Aborted,
    /// Done.
    Completed,
    /// Could not be done.
    Failed,
    /// Its start window passed.
    Expired,
}

impl BackupJobState {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Running => "RUNNING",
            Self::Aborting => "ABORTING",
            Self::Aborted => "ABORTED",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Expired => "EXPIRED",
        }
    }
}

/// A backup job.
#[derive(Clone, Debug)]
pub struct BackupJob {
    /// Order of creation in the whole simulation; pages are cut by it.
    pub seq: u64,
    /// UUID in capitals.
    pub id: String,
    /// Account and Region.
    pub scope: Scope,
    /// Vault that it writes to.
    pub vault: String,
    /// ARN of that vault.
    pub vault_arn: String,
    /// What is backed up.
    pub resource_arn: String,
    /// Its type.
    pub resource_type: String,
    /// Its name.
    pub resource_name: String,
    /// Role that it runs as.
    pub iam_role_arn: String,
    /// State.
    pub state: BackupJobState,
    /// Why, for a state that needs a reason.
    pub message: Option<String>,
    /// When it was asked for.
    pub created: Timestamp,
    /// When it must have started.
    pub start_by: Timestamp,
    /// When it must be done.
    pub complete_by: Timestamp,
    /// When it began to copy.
    pub started: Option<Timestamp>,
    /// When it is expected to be done.
    pub finish_at: Option<Timestamp>,
    /// When it ended.
    pub completed: Option<Timestamp>,
    /// Size copied.
    pub size_bytes: Option<u64>,
    /// Lifecycle of the point to be made.
    pub lifecycle: Lifecycle,
    /// Tags of the point to be made.
    pub tags: BTreeMap<String, String>,
    /// `BackupOptions` as sent.
    pub options: BTreeMap<String, String>,
    /// The point, from the moment it exists.
    pub point_arn: Option<String>,
    /// Plan and rule that asked for it.
    pub created_by: Option<CreatedBy>,
    /// Whether the point is continuous.
    pub continuous: bool,
    pub(crate) copy_actions: Vec<CopyAction>,
    pub(crate) captured: Option<Result<Captured, ProviderError>>,
    pub(crate) overdue: bool,
}

impl BackupJob {
    /// Percent done at `now`.
    pub fn percent_done(&self, now: Timestamp) -> f64 {
        percent(
            self.state == BackupJobState::Completed,
            self.started,
            self.finish_at,
            self.completed.unwrap_or(now),
        )
    }

    pub(crate) fn active(&self) -> bool {
        matches!(
            self.state,
            BackupJobState::Created | BackupJobState::Running | BackupJobState::Aborting
        )
    }
}

pub(crate) fn percent(
    done: bool,
    started: Option<Timestamp>,
    finish_at: Option<Timestamp>,
    now: Timestamp,
) -> f64 {
    if done {
        return 100.0;
    }
    let (Some(started), Some(finish_at)) = (started, finish_at) else {
        return 0.0;
    };
    let whole = finish_at.duration_since(started).as_secs_f64();
    if whole <= 0.0 {
        return 0.0;
    }
    (now.duration_since(started).as_secs_f64() / whole * 100.0).clamp(0.0, 99.0)
}
