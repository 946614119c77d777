//! Runs as the browser and the server both see them: identifiers, events and the fold that turns
//! a log of events into the present state.
//!
//! Everything that changes something in AWS is a run: a durable sequence of steps with an
//! append-only log. The engine itself (leases, retries, compensation) lives in `tidemark-runs`;
//! these types are pure, so that a page can render live steps from the events it receives.

mod activity;
mod error;
mod event;
mod fold;
mod id;
mod plan;
mod run;
mod state;
mod view;

pub use activity::Activity;
pub use error::{StepError, StepErrorKind};
pub use event::{CompensationCause, NoteLevel, Outcome, RunEvent, RunEventKind, SleepReason};
pub use id::{ParseRunIdError, RunId};
pub use plan::{Always, OnFailure, StepPlan};
pub use run::{Alarm, CancelRequest, Lease, Progress, Run, RunHead, RunLabels};
pub use state::{ParseRunStateError, RunState, StepState};
pub use view::{NoteView, RunView, StepView};
