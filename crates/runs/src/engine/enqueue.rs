//! Asking for a run.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;
use tidemark_domain::runs::{Run, RunEventKind, RunId, RunLabels};

use super::{Engine, EngineError};
use crate::{Creation, NewRun, ParamsError};

/// What somebody wants to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRequest {
    /// The name of the kind.
    pub kind: String,
    /// Its parameters, in the kind's present version.
    pub params: Value,
    /// Who asks.
    pub creator: String,
    /// Why; may be empty.
    pub reason: String,
    /// Where it takes place.
    pub labels: RunLabels,
    /// A key of the creator's choice: asking twice under one key gives one run.
    pub idempotency_key: Option<String>,
    /// Whether a second person has to approve it first.
    pub needs_approval: bool,
    /// When it may begin, if not at once.
    pub not_before: Option<Timestamp>,
}

impl RunRequest {
    /// A request without labels, reason, key or conditions.
    pub fn new(kind: impl Into<String>, params: Value, creator: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            params,
            creator: creator.into(),
            reason: String::new(),
            labels: RunLabels::default(),
            idempotency_key: None,
            needs_approval: false,
            not_before: None,
        }
    }
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enqueued {
    /// The run.
    pub run: Run,
    /// Whether it had been there under the same idempotency key.
    pub existing: bool,
}

impl Engine {
    /// Checks a request and makes of it what the store writes: for callers that write the run in
    /// the same transaction as the change that asks for it, and then call [`Engine::wake`].
    pub fn prepare(&self, request: RunRequest) -> Result<NewRun, EngineError> {
        let kind = self
            .inner
            .kinds
            .get(&request.kind)
            .ok_or_else(|| EngineError::UnknownKind(request.kind.clone()))?;
        let steps = kind.steps(&request.params)?;
        let mut names = BTreeSet::new();
        for step in &steps {
            if step.name().is_empty() || !names.insert(step.name()) {
                let message = format!("the step name {:?} is empty or not unique", step.name());
                return Err(ParamsError::new(message).into());
            }
        }
        let created_at = self.inner.clock.now();
        let created = RunEventKind::Created {
            run_kind: request.kind.clone(),
            params_version: kind.params_version(),
            creator: request.creator.clone(),
            reason: request.reason.clone(),
            labels: request.labels.clone(),
            steps: steps.iter().map(|step| step.plan()).collect(),
            awaiting_approval: request.needs_approval,
        };
        Ok(NewRun {
            id: RunId::new(created_at),
            params_version: kind.params_version(),
            kind: request.kind,
            params: request.params,
            creator: request.creator,
            reason: request.reason,
            labels: request.labels,
            idempotency_key: request.idempotency_key,
            created_at,
            created,
            not_before: request.not_before.unwrap_or(created_at),
        })
    }

    /// Tells subscribers and this process's workers of a run that was written by other means than
    /// [`Engine::enqueue`].
    pub fn announce(&self, new: &NewRun) {
        self.inner.notify(new.id, &[new.first_event()], &new.head());
        self.wake();
    }

    /// Writes a run and wakes this process's workers.
    pub async fn enqueue(&self, request: RunRequest) -> Result<Enqueued, EngineError> {
        let new = self.prepare(request)?;
        match self.inner.store.create(new.clone()).await? {
            Creation::Created(run) => {
                self.inner.notify(run.id, &[new.first_event()], &run.head);
                self.wake();
                Ok(Enqueued {
                    run,
                    existing: false,
                })
            }
            Creation::Existing(run) if run.kind == new.kind && run.params == new.params => {
                Ok(Enqueued {
                    run,
                    existing: true,
                })
            }
            Creation::Existing(run) => Err(EngineError::KeyReused(run.id)),
        }
    }
}
