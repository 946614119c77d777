//! The steps of a run as recorded when it was created.

use serde::{Deserialize, Serialize};

/// Whether a step runs even when the run fails or is cancelled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Always {
    /// An ordinary step.
    #[default]
    No,
    /// Runs whatever happens, once any step of the run has started.
    Yes,
    /// Runs whatever happens, once the named step has started: what resumes writes must not
    /// resume what somebody else has paused.
    OnceStarted(String),
}

impl Always {
    /// Whether this is an ordinary step.
    pub fn is_no(&self) -> bool {
        *self == Self::No
    }
}

/// What the failure of a step means for its run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// The run fails, and what it did is undone.
    #[default]
    Undo,
    /// The run goes on and says in the end what is missing: nothing is taken back for it.
    Warn,
}

impl OnFailure {
    /// Whether the run undoes what it did.
    pub fn is_undo(&self) -> bool {
        *self == Self::Undo
    }
}

/// One step of a run's plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepPlan {
    /// The stable name, unique in the run.
    pub name: String,
    /// The name for people.
    pub title: String,
    /// Whether the step can be undone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undo: bool,
    /// Whether it runs whatever happens.
    #[serde(default, skip_serializing_if = "Always::is_no")]
    pub always: Always,
    /// What its failure means for the run.
    #[serde(default, skip_serializing_if = "OnFailure::is_undo")]
    pub on_failure: OnFailure,
    /// Once it is done, nothing that came before it is undone any more, whatever happens after: what
    /// AWS has finished is kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub seals: bool,
    /// Of a step that always runs once another has started: for how many seconds at most the run works on what lies between
    /// them, from that start on. What is not done by then has failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most_seconds: Option<u32>,
}
