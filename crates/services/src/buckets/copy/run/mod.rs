//! The run that copies a prefix.
//!
//! The objects are no list in the database: source and destination are read side by side, both in the order of their keys,
//! and what is at the destination already is not copied again. How far it has come is written after each few hundred
//! objects, as the last key and what became of those before it; a worker that takes over goes on from there
//! (`docs/decisions/0028-copies-read-both-sides.md`).

mod one;
mod work;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidemark_domain::{
    Scope,
    buckets::CopyRequest,
    runs::{Outcome, RunView},
};
use tidemark_runs::{ParamsError, RunKind, Step, parse_params};

use self::work::{CopyStep, Ports};
use crate::{
    ports::{AccountStore, Buckets},
    runs::{Refresh, partly},
    sync::SyncQueue,
};

/// The kind's name in the run store.
pub const COPY_KIND: &str = "copy-prefix";

/// The parameters: as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CopyParams {
    /// What is copied.
    pub(crate) request: CopyRequest,
    /// How many objects; none where not all were counted.
    pub(crate) objects: Option<u64>,
    /// Retention and legal holds are set on the copies as well.
    pub(crate) keeps_locks: bool,
    /// Only what was at the destination by then may be replaced.
    pub(crate) planned_at: Timestamp,
    /// Digest of the plan.
    pub(crate) digest: String,
}

/// What only one unfinished run may write.
pub(super) fn target_of(request: &CopyRequest) -> String {
    format!("copy:{}/{}", request.to.bucket, request.to_prefix)
}

/// The same for a run that is begun again.
pub(crate) fn copy_targets_of(params: &Value) -> Vec<String> {
    let params: Result<CopyParams, _> = parse_params(params);
    params
        .map(|params| vec![target_of(&params.request)])
        .unwrap_or_default()
}

/// The run kind *copy a prefix*.
pub struct CopyRun {
    ports: Ports,
    sync: SyncQueue,
}

impl CopyRun {
    /// The kind over its ports.
    pub fn new(
        accounts: Arc<dyn AccountStore>,
        buckets: Arc<dyn Buckets>,
        sync: SyncQueue,
    ) -> Self {
        Self {
            ports: Ports { accounts, buckets },
            sync,
        }
    }
}

impl RunKind for CopyRun {
    fn name(&self) -> &'static str {
        COPY_KIND
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let params: CopyParams = parse_params(params)?;
        let to = &params.request.to;
        let scope = Scope {
            account: to.account.clone(),
            region: to.region.clone(),
        };
        Ok(vec![
            Box::new(CopyStep {
                ports: self.ports.clone(),
                params,
            }),
            Box::new(Refresh::of(self.sync.clone(), scope)),
        ])
    }

    fn outcome(&self, view: &RunView, outcome: Outcome) -> Outcome {
        partly(view, work::NAME, outcome)
    }

    fn summary(&self, view: &RunView) -> Value {
        view.step(work::NAME)
            .map_or(Value::Null, |step| step.output.clone())
    }
}
