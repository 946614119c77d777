//! Jobs of AWS Backup over all accounts: what was done, what failed, and why.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, Arn, Job, JobKind, Region};

/// What became of a job, in the groups that people ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobOutcome {
    /// `FAILED`, `ABORTED`, `EXPIRED` (it could not start in its window) or `PARTIAL`.
    Failed,
    /// Not over yet.
    Running,
    /// `COMPLETED`.
    Completed,
}

impl JobOutcome {
    /// All, worst first.
    pub const ALL: [Self; 3] = [Self::Failed, Self::Running, Self::Completed];

    /// The word in addresses and filters.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Running => "running",
            Self::Completed => "completed",
        }
    }

    /// AWS Backup's words of this group, over backup, copy and restore jobs.
    pub fn statuses(self) -> &'static [&'static str] {
        match self {
            Self::Failed => &["FAILED", "ABORTED", "EXPIRED", "PARTIAL"],
            Self::Running => &["CREATED", "PENDING", "RUNNING", "ABORTING"],
            Self::Completed => &["COMPLETED"],
        }
    }
}

impl JobKind {
    /// All.
    pub const ALL: [Self; 3] = [Self::Backup, Self::Copy, Self::Restore];

    /// The word in addresses, filters and on pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Copy => "copy",
            Self::Restore => "restore",
        }
    }
}

/// What a list of jobs shows, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobFilter {
    /// Only jobs of this kind.
    pub kind: Option<JobKind>,
    /// Only jobs with this outcome.
    pub outcome: Option<JobOutcome>,
    /// Only jobs of this account.
    pub account: Option<AccountId>,
    /// Only jobs of this Region.
    pub region: Option<Region>,
    /// Part of the resource's ARN or of the message.
    pub text: Option<String>,
    /// Only jobs asked for at this time or later.
    pub since: Option<Timestamp>,
    /// Only jobs of resources of this owner.
    #[serde(skip)]
    pub owner: Option<String>,
    /// Cursor of the page.
    pub cursor: Option<String>,
    /// Rows per page; 1 to 200, 50 by default.
    pub limit: Option<u16>,
}

/// A job in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobRow {
    /// The job.
    pub job: Job,
    /// Alias of its account.
    pub alias: String,
}

/// Jobs that failed with the same words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobCause {
    /// What they were to do.
    pub kind: JobKind,
    /// Their status, as AWS words it.
    pub status: String,
    /// AWS's message; none where it gave none.
    pub message: Option<String>,
    /// How many jobs.
    pub jobs: u64,
    /// Of how many resources.
    pub resources: u64,
    /// In how many accounts.
    pub accounts: u64,
    /// When the newest was asked for.
    pub last: Timestamp,
    /// One of the resources.
    pub example: Option<Arn>,
}
