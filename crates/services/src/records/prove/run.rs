use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidemark_domain::{
    records::Capture,
    runs::{RunView, StepError},
};
use tidemark_runs::{ParamsError, RunKind, Step, StepCtx, parse_params};

use super::step::{NAME, ProveStep, Proving};
use crate::{
    ports::{AccountStore, Captures, RecordsAccess, RecordsCloud},
    records::policy,
    runs::{run_target, step_error},
};

/// The kind's name in the run store.
pub const PROOF_KIND: &str = "records_proof";

/// The parameters of a proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProofParams {
    /// Which capture.
    pub(crate) capture: String,
}

/// The run kind *prove that a backup is complete*.
pub struct ProofRun {
    accounts: Arc<dyn AccountStore>,
    records: Arc<dyn RecordsCloud>,
    captures: Arc<dyn Captures>,
}

impl ProofRun {
    /// The kind over its ports.
    pub fn new(
        accounts: Arc<dyn AccountStore>,
        records: Arc<dyn RecordsCloud>,
        captures: Arc<dyn Captures>,
    ) -> Self {
        Self {
            accounts,
            records,
            captures,
        }
    }
}

impl RunKind for ProofRun {
    fn name(&self) -> &'static str {
        PROOF_KIND
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let params: ProofParams = parse_params(params)?;
        Ok(vec![Box::new(ProveStep(World {
            accounts: Arc::clone(&self.accounts),
            records: Arc::clone(&self.records),
            captures: Arc::clone(&self.captures),
            params,
        }))])
    }

    fn summary(&self, view: &RunView) -> Value {
        view.step(NAME)
            .map_or(Value::Null, |step| step.output.clone())
    }
}

struct World {
    accounts: Arc<dyn AccountStore>,
    records: Arc<dyn RecordsCloud>,
    captures: Arc<dyn Captures>,
    params: ProofParams,
}

#[async_trait]
impl Proving for World {
    async fn open(&self, ctx: &StepCtx) -> Result<(Capture, RecordsAccess), StepError> {
        let stored = self.captures.get(&self.params.capture).await;
        let capture = stored
            .map_err(|error| {
                StepError::retryable(format!("the capture could not be read: {error}"))
            })?
            .ok_or_else(|| StepError::permanent("the record-level backup was forgotten meanwhile"))?
            .capture;
        let target = run_target(
            self.accounts.as_ref(),
            &capture.account,
            &capture.region,
            ctx.run_id(),
            &ctx.source_identity(),
            policy::capture(&capture).fitted(),
        )
        .await?;
        let access = self
            .records
            .open(&target, capture.table_name(), &capture.bucket)
            .await
            .map_err(|error| step_error(&error))?;
        Ok((capture, access))
    }

    fn captures(&self) -> &dyn Captures {
        self.captures.as_ref()
    }

    fn capacity(&self) -> Option<u32> {
        None
    }
}
