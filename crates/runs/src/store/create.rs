//! What it takes to create a run.

use jiff::Timestamp;
use serde_json::Value;
use tidemark_domain::runs::{Run, RunEvent, RunEventKind, RunHead, RunId, RunLabels, RunView};

/// A run to be written, made by [`crate::Engine::prepare`]: pure data, so that a store can write it
/// in the same transaction as the change that asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRun {
    /// Its identifier.
    pub id: RunId,
    /// The name of its kind.
    pub kind: String,
    /// The version of the parameters' layout.
    pub params_version: u32,
    /// What it is to do.
    pub params: Value,
    /// Who asked for it.
    pub creator: String,
    /// Why; may be empty.
    pub reason: String,
    /// Where it takes place.
    pub labels: RunLabels,
    /// A key of the creator's choice: asking twice under one key creates one run.
    pub idempotency_key: Option<String>,
    /// The time of creation.
    pub created_at: Timestamp,
    /// The first event's content: [`RunEventKind::Created`].
    pub created: RunEventKind,
    /// When a worker may take it first; ignored while it waits for an approval.
    pub not_before: Timestamp,
}

impl NewRun {
    /// The first event of the log.
    pub fn first_event(&self) -> RunEvent {
        RunEvent {
            seq: 1,
            at: self.created_at,
            kind: self.created.clone(),
        }
    }

    /// The head after the first event.
    pub fn head(&self) -> RunHead {
        RunView::fold([&self.first_event()]).head(self.not_before)
    }

    /// The row as it is after the first event, without a lease.
    pub fn to_run(&self) -> Run {
        Run {
            id: self.id,
            kind: self.kind.clone(),
            params_version: self.params_version,
            params: self.params.clone(),
            creator: self.creator.clone(),
            reason: self.reason.clone(),
            labels: self.labels.clone(),
            idempotency_key: self.idempotency_key.clone(),
            created_at: self.created_at,
            seq: 1,
            lease: None,
            lease_epoch: 0,
            cancel: None,
            head: self.head(),
        }
    }
}

/// What came of creating a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Creation {
    /// It was written.
    Created(Run),
    /// The creator had used the idempotency key before: this is the earlier run.
    Existing(Run),
}

impl Creation {
    /// The run, new or earlier.
    pub fn into_run(self) -> Run {
        match self {
            Self::Created(run) | Self::Existing(run) => run,
        }
    }
}
