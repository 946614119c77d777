use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use tidemark_domain::runs::{RunId, RunState};
use tidemark_runs::{NewRun, RunStore};
use tidemark_services::{
    audit::AuditEntry,
    error::StoreError,
    ports::{AuditLog, RunKeys, RunStarted, RunStarts},
};

/// Where runs begin, over a store of runs and an audit log.
pub struct FakeRunStarts {
    runs: Arc<dyn RunStore>,
    audit: Arc<dyn AuditLog>,
    keys: Mutex<BTreeMap<String, RunId>>,
}

impl FakeRunStarts {
    /// Over the store and the log.
    pub fn new(runs: Arc<dyn RunStore>, audit: Arc<dyn AuditLog>) -> Self {
        Self {
            runs,
            audit,
            keys: Mutex::default(),
        }
    }

    async fn holder(&self, key: &str) -> Result<Option<tidemark_runs::Run>, StoreError> {
        let id = self
            .keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .copied();
        match id {
            Some(id) => self.runs.get(id).await.map_err(failed),
            None => Ok(None),
        }
    }
}

fn failed(error: tidemark_runs::StoreError) -> StoreError {
    StoreError::Database(Box::new(error))
}

#[async_trait]
impl RunStarts for FakeRunStarts {
    async fn repeated(&self, keys: &RunKeys) -> Result<Option<RunId>, StoreError> {
        let Some(run) = self.holder(&keys.repeat).await? else {
            return Ok(None);
        };
        let state = run.head.state;
        let failed = matches!(state, RunState::Failed | RunState::Cancelled);
        let just_done = !failed && run.created_at > keys.repeat_since;
        Ok((just_done || !state.is_terminal()).then_some(run.id))
    }

    async fn start(
        &self,
        new: &NewRun,
        keys: &RunKeys,
        entry: &AuditEntry,
    ) -> Result<RunStarted, StoreError> {
        if let Some(run) = self.repeated(keys).await? {
            return Ok(RunStarted::Repeat(run));
        }
        for target in &keys.targets {
            if let Some(run) = self.holder(target).await?
                && !run.head.state.is_terminal()
            {
                return Ok(RunStarted::Taken {
                    target: target.clone(),
                    run: run.id,
                });
            }
        }
        let run = self
            .runs
            .create(new.clone())
            .await
            .map_err(failed)?
            .into_run();
        self.audit.append(entry).await?;
        let mut known = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        for key in std::iter::once(&keys.repeat).chain(&keys.targets) {
            known.insert(key.clone(), run.id);
        }
        Ok(RunStarted::New(Box::new(run)))
    }
}
