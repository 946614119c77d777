//! The states of a run and of a step.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Where a run stands.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Waits for a worker.
    #[default]
    Queued,
    /// Waits for a second person's decision; no worker takes it.
    AwaitingApproval,
    /// A worker carries out its steps.
    Running,
    /// Waits for a time at which it goes on; holds nothing meanwhile.
    Sleeping,
    /// Undoes what it did, after a failure or a cancel.
    Compensating,
    /// Done.
    Succeeded,
    /// What was asked for is there, but not everything that belongs to it.
    SucceededWithWarnings,
    /// Some of several targets are done, others failed.
    PartlyFailed,
    /// Ended by an error.
    Failed,
    /// Ended by a person.
    Cancelled,
}

/// The text names no state of a run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no state of a run")]
pub struct ParseRunStateError(pub String);

impl RunState {
    /// Every state, in the order in which a run may pass through them.
    pub const ALL: [Self; 10] = [
        Self::Queued,
        Self::AwaitingApproval,
        Self::Running,
        Self::Sleeping,
        Self::Compensating,
        Self::Succeeded,
        Self::SucceededWithWarnings,
        Self::PartlyFailed,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The name as written in the store, the API and the URL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::AwaitingApproval => "awaiting_approval",
            Self::Running => "running",
            Self::Sleeping => "sleeping",
            Self::Compensating => "compensating",
            Self::Succeeded => "succeeded",
            Self::SucceededWithWarnings => "succeeded_with_warnings",
            Self::PartlyFailed => "partly_failed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether the run has ended; nothing is appended to it any more.
    pub const fn is_terminal(self) -> bool {
        matches!(
            self,
            Self::Succeeded
                | Self::SucceededWithWarnings
                | Self::PartlyFailed
                | Self::Failed
                | Self::Cancelled
        )
    }

    /// Whether the run has ended with something left that can be done again: all of it, or just
    /// what failed.
    pub const fn leaves_something(self) -> bool {
        self.is_terminal() && !matches!(self, Self::Succeeded)
    }

    /// Whether the run has begun and not ended: it counts against the caps on concurrent runs.
    pub const fn is_in_progress(self) -> bool {
        matches!(self, Self::Running | Self::Sleeping | Self::Compensating)
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RunState {
    type Err = ParseRunStateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| ParseRunStateError(text.to_owned()))
    }
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Not begun.
    #[default]
    Pending,
    /// Being carried out.
    Running,
    /// Begun; what it waits for is looked at again later.
    Waiting,
    /// Failed in a way that may pass; it is tried again.
    Retrying,
    /// Done.
    Succeeded,
    /// Failed for good.
    Failed,
    /// There was nothing to do.
    Skipped,
    /// Being undone.
    Undoing,
    /// Undone.
    Undone,
    /// Could not be undone: something is left behind.
    UndoFailed,
}

impl StepState {
    /// The name as written in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Retrying => "retrying",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
            Self::UndoFailed => "undo_failed",
        }
    }
}

impl fmt::Display for StepState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
