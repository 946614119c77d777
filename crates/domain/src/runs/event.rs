//! What happened in a run.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Progress, RunLabels, StepError, StepPlan};

/// One entry of a run's append-only log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEvent {
    /// 1 for the first event of a run, then without gaps.
    pub seq: u64,
    /// When it was written.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub kind: RunEventKind,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every step is done.
    Succeeded,
    /// What was asked for is there, but not everything that belongs to it: steps that only warn have failed.
    SucceededWithWarnings,
    /// Some of several targets are done, others failed; each says which.
    PartlyFailed,
    /// A step failed, or something could not be undone.
    Failed,
    /// A person stopped it, and it is undone.
    Cancelled,
}

/// Why a run undoes what it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompensationCause {
    /// The named step failed.
    StepFailed(String),
    /// A person asked the run to stop.
    Cancelled,
}

/// Why a run sleeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SleepReason {
    /// The step waits for something outside and looks again.
    Wait,
    /// The step failed in a way that may pass and is tried again.
    Retry,
}

/// How much a note matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteLevel {
    /// Good to know.
    Info,
    /// Look at it.
    Warning,
}

/// What happened. The names of fields and variants are written to stores: add, never rename.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RunEventKind {
    /// The run was asked for.
    Created {
        /// The name of its kind.
        run_kind: String,
        /// The version of the parameters' layout.
        params_version: u32,
        /// Who asked for it.
        creator: String,
        /// Why; may be empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
        /// Where it takes place.
        #[serde(default)]
        labels: RunLabels,
        /// Its steps in order.
        steps: Vec<StepPlan>,
        /// Whether it waits for an approval first.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        awaiting_approval: bool,
    },
    /// A second person approved it.
    Approved {
        /// Who.
        by: String,
    },
    /// A second person refused it; a `Finished` follows.
    Rejected {
        /// Who.
        by: String,
        /// Why; may be empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A worker begins a step, for the first time or again.
    StepStarted {
        /// The step.
        step: String,
        /// 1 for the first time.
        attempt: u32,
    },
    /// A step, or its undo, has come further.
    StepProgress {
        /// The step.
        step: String,
        /// How far.
        #[serde(flatten)]
        progress: Progress,
        /// Figures beside the message, as the step defines them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        detail: Option<Value>,
    },
    /// A step is done.
    StepSucceeded {
        /// The step.
        step: String,
        /// What later steps may use.
        #[serde(default)]
        output: Value,
    },
    /// A step failed.
    StepFailed {
        /// The step.
        step: String,
        /// Why.
        error: StepError,
        /// Whether it is tried again.
        will_retry: bool,
    },
    /// A step had nothing to do.
    StepSkipped {
        /// The step.
        step: String,
        /// Why.
        why: String,
    },
    /// The run waits and holds nothing meanwhile.
    Sleeping {
        /// The step, or the undo of the step, that waits.
        step: String,
        /// When it goes on.
        until: Timestamp,
        /// What it waits for.
        reason: SleepReason,
        /// How far the step has come.
        #[serde(default)]
        progress: Progress,
        /// What the step wants to know when it looks again, such as a job's id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        memo: Option<Value>,
    },
    /// A step, or its undo, has not come further for so long that somebody should look.
    AlarmRaised {
        /// The step.
        step: String,
        /// Since when it fails.
        since: Timestamp,
        /// Why, at present.
        error: StepError,
    },
    /// A person asked the run to stop.
    CancelRequested {
        /// Who.
        by: String,
        /// Why; may be empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// From here on, steps that run always are run, and then what was done is undone.
    CompensationStarted {
        /// Why.
        cause: CompensationCause,
    },
    /// A worker begins to undo a step, for the first time or again.
    UndoStarted {
        /// The step.
        step: String,
        /// 1 for the first time.
        attempt: u32,
    },
    /// A step is undone.
    UndoSucceeded {
        /// The step.
        step: String,
    },
    /// Undoing a step failed.
    UndoFailed {
        /// The step.
        step: String,
        /// Why.
        error: StepError,
        /// Whether it is tried again.
        will_retry: bool,
    },
    /// The run has ended.
    Finished {
        /// How.
        outcome: Outcome,
        /// What the kind says about the result.
        #[serde(default)]
        summary: Value,
    },
    /// Something worth reading in the log.
    Note {
        /// How much it matters.
        level: NoteLevel,
        /// What.
        text: String,
    },
}

impl RunEventKind {
    /// The step that the event is about.
    pub fn step(&self) -> Option<&str> {
        match self {
            Self::StepStarted { step, .. }
            | Self::StepProgress { step, .. }
            | Self::StepSucceeded { step, .. }
            | Self::StepFailed { step, .. }
            | Self::StepSkipped { step, .. }
            | Self::Sleeping { step, .. }
            | Self::AlarmRaised { step, .. }
            | Self::UndoStarted { step, .. }
            | Self::UndoSucceeded { step }
            | Self::UndoFailed { step, .. } => Some(step),
            Self::Created { .. }
            | Self::Approved { .. }
            | Self::Rejected { .. }
            | Self::CancelRequested { .. }
            | Self::CompensationStarted { .. }
            | Self::Finished { .. }
            | Self::Note { .. } => None,
        }
    }
}
