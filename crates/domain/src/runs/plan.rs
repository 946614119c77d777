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
}
