use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Arn;

/// Something that left no recovery point, or left it no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// The resource.
    pub resource: Arn,
    /// Its place on a timeline: when the job was asked for, or when the point that is gone was made.
    pub at: Timestamp,
    /// Since when it is known: the end of the job, or the reading that missed the point.
    pub noted_at: Timestamp,
    /// The job's id or the point's ARN.
    pub key: String,
    /// The vault that held the point.
    pub vault: Option<String>,
    /// What AWS said.
    pub message: Option<String>,
}

/// Why there is no recovery point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The job failed or was stopped.
    Failed,
    /// The job did not start within its window: AWS calls it expired.
    Missed,
    /// The point was deleted by its lifecycle.
    Pruned,
    /// The point was deleted before its time, or had no time: somebody did it.
    Deleted,
    /// A copy failed.
    CopyFailed,
}

impl EventKind {
    /// All of them; their places are the numbers that the catalogue keeps.
    pub const ALL: [Self; 5] = [
        Self::Failed,
        Self::Missed,
        Self::Pruned,
        Self::Deleted,
        Self::CopyFailed,
    ];

    /// Why a point is gone that a reading no longer found, by when it was to be deleted.
    pub fn of_gone(delete_at: Option<Timestamp>, now: Timestamp) -> Self {
        match delete_at {
            Some(at) if at <= now => Self::Pruned,
            _ => Self::Deleted,
        }
    }

    /// The number that stands for it.
    pub fn code(self) -> u16 {
        let place = Self::ALL.iter().position(|kind| *kind == self);
        place.and_then(|n| u16::try_from(n).ok()).unwrap_or(0)
    }

    /// The kind that a number stands for.
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}
