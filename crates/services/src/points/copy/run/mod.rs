//! The run that copies recovery points.
//!
//! The points are items of a list, as for changes of many points (`docs/decisions/0007-many-points-one-step.md`). Each gets
//! a copy job of AWS Backup: asked for with a token of its own, so that an answer that was lost is asked for again and names
//! the same job; then looked at until it ends.

mod ask;
mod begin;
mod end;
mod sum_up;
mod sums;
mod work;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tidemark_domain::{
    AccountId, Arn, Region, Scope,
    change::NewLifecycle,
    runs::{Outcome, RunView},
};
use tidemark_runs::{ParamsError, RunKind, Step, parse_params};
use uuid::Uuid;

use self::{begin::Begin, sum_up::SumUp, work::Work};
use crate::{
    ports::{AccountStore, Cloud, RunItems},
    runs::{RefreshAll, partly},
    sync::SyncQueue,
};

/// The kind's name in the run store.
pub const COPY_POINTS_KIND: &str = "copy-points";

/// The parameters: the points themselves are in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CopyPointsParams {
    /// ARN of the vault that is copied into.
    pub(crate) destination: Arn,
    /// The lifecycle of the copies; none for those of their sources.
    pub(crate) lifecycle: Option<NewLifecycle>,
    /// The list of points.
    pub(crate) list: Uuid,
    /// How many of them are to be copied.
    pub(crate) points: u64,
    /// Digest of the plan that was shown.
    pub(crate) digest: String,
    /// Where they lie, and what the run may do there.
    pub(crate) scopes: Vec<CopyScope>,
}

/// One account and Region of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CopyScope {
    /// Where.
    pub(crate) scope: Scope,
    /// The points that the session policy names, as ARNs or their beginnings.
    pub(crate) resources: Vec<String>,
    /// The role that AWS Backup copies as.
    pub(crate) service_role: String,
}

/// The run kind *copy recovery points*.
pub struct CopyPointsRun {
    ports: Ports,
    sync: SyncQueue,
}

/// What every step works with.
#[derive(Clone)]
struct Ports {
    accounts: Arc<dyn AccountStore>,
    cloud: Arc<dyn Cloud>,
    items: Arc<dyn RunItems>,
}

impl CopyPointsRun {
    /// The kind over its ports.
    pub fn new(
        accounts: Arc<dyn AccountStore>,
        cloud: Arc<dyn Cloud>,
        items: Arc<dyn RunItems>,
        sync: SyncQueue,
    ) -> Self {
        Self {
            ports: Ports {
                accounts,
                cloud,
                items,
            },
            sync,
        }
    }
}

impl RunKind for CopyPointsRun {
    fn name(&self) -> &'static str {
        COPY_POINTS_KIND
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let params: CopyPointsParams = parse_params(params)?;
        let mut scopes: Vec<Scope> = params.scopes.iter().map(|s| s.scope.clone()).collect();
        let account = AccountId::parse(params.destination.account());
        if let (Ok(account), Ok(region)) = (account, Region::parse(params.destination.region())) {
            let to = Scope { account, region };
            if !scopes.contains(&to) {
                scopes.push(to);
            }
        }
        let ports = || self.ports.clone();
        Ok(vec![
            Box::new(Begin {
                ports: ports(),
                params: params.clone(),
            }),
            Box::new(Work {
                ports: ports(),
                params: params.clone(),
            }),
            Box::new(SumUp {
                ports: ports(),
                params,
            }),
            Box::new(RefreshAll {
                queue: self.sync.clone(),
                scopes,
            }),
        ])
    }

    fn outcome(&self, view: &RunView, outcome: Outcome) -> Outcome {
        partly(view, sum_up::NAME, outcome)
    }

    fn summary(&self, view: &RunView) -> Value {
        view.step(sum_up::NAME)
            .filter(|step| !step.output.is_null())
            .or_else(|| view.step(work::NAME))
            .map_or(json!(null), |step| step.output.clone())
    }
}
