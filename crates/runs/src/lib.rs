//! The durable run engine: steps, event log, leases, compensation.
//!
//! A **run** carries out the steps of its **kind** one after another and writes what happens to an
//! append-only log, of which its state is a fold. A worker holds a run by a lease; when the worker
//! dies, another one takes over and goes on where the log ends, so **a step may run more than
//! once** and must find its effect already there or use [`StepCtx::token`]. When a
//! step fails or a person cancels, steps that run always are run, then the steps that had begun
//! are undone in reverse. Waiting holds no task and no transaction: the run sleeps with a wake
//! time.

mod clock;
mod ctx;
mod driver;
mod engine;
mod kind;
mod next;
mod retry;
mod step;
pub mod store;
mod token;
mod worker;

#[cfg(feature = "testing")]
pub mod battery;
#[cfg(feature = "testing")]
pub mod contract;

pub use clock::{Clock, ManualClock, SystemClock};
pub use ctx::StepCtx;
pub use engine::{Engine, EngineConfig, EngineError, Enqueued, RunNotice, RunRequest};
pub use kind::{ParamsError, RunKind, RunKinds, parse_params};
pub use retry::RetryPolicy;
pub use step::{Step, StepOutcome, Wait};
pub use store::{
    Append, Appended, ClaimRequest, Claimed, Creation, Fence, Hold, LeaseKey, MemoryRunStore,
    NewRun, Renewal, RunCounts, RunFilter, RunPage, RunQuery, RunStore, StoreError,
};
pub use tidemark_domain::runs::{
    Alarm, Always, CancelRequest, CompensationCause, Lease, NoteLevel, OnFailure, Outcome,
    Progress, Run, RunEvent, RunEventKind, RunHead, RunId, RunLabels, RunState, RunView,
    SleepReason, StepError, StepErrorKind, StepPlan, StepState, StepView,
};
pub use worker::Worker;
