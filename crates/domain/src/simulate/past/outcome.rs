use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Arn;

/// What became of a run of a plan, or of a job that a person started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PastOutcome {
    /// It made a point, which exists.
    Made,
    /// It waits or runs.
    Running,
    /// No job was made, or the job could not start within its start window.
    Missed,
    /// The job failed.
    Failed,
    /// The job was stopped, by a person or by its completion window.
    Aborted,
    /// It made a point that should be gone and could not be deleted (`EXPIRED`).
    Undeletable,
    /// It made a point that its lifecycle deleted.
    Pruned,
    /// It made a point that was deleted before its time.
    DeletedByHand,
    /// Too little is known to tell.
    Unknown,
}

impl PastOutcome {
    /// Every outcome, in the order in which legends list them.
    pub const ALL: [Self; 9] = [
        Self::Made,
        Self::Running,
        Self::Missed,
        Self::Failed,
        Self::Aborted,
        Self::Undeletable,
        Self::Pruned,
        Self::DeletedByHand,
        Self::Unknown,
    ];

    /// The word shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Running => "running",
            Self::Missed => "missed",
            Self::Failed => "failed",
            Self::Aborted => "aborted",
            Self::Undeletable => "expired, not deletable",
            Self::Pruned => "pruned by lifecycle",
            Self::DeletedByHand => "deleted by hand",
            Self::Unknown => "unknown",
        }
    }

    /// Whether someone should look at it.
    pub fn is_trouble(self) -> bool {
        matches!(
            self,
            Self::Missed | Self::Failed | Self::Aborted | Self::Undeletable | Self::DeletedByHand
        )
    }
}

/// A run of a plan for a resource, or a job that a person started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastRun {
    /// When the rule fired, or when the job was asked for.
    pub at: Timestamp,
    /// Plan; none for a job that a person started.
    pub plan_id: Option<String>,
    /// Rule.
    pub rule: Option<String>,
    /// What became of it.
    pub outcome: PastOutcome,
    /// Why, as a sentence.
    pub why: Option<String>,
    /// Job.
    pub job: Option<String>,
    /// Point that it made, which may be gone.
    pub point: Option<Arn>,
    /// When the point's lifecycle deletes it, or has deleted it.
    pub delete_at: Option<Timestamp>,
}
