//! The run that carries a change of many points out.
//!
//! The points are items of a list in the store, not steps: a step per point would make logs of
//! thousands of events. One step works through the list in batches. Before AWS is asked, the batch is
//! marked as asked; after, each item gets its outcome. A worker that dies between the two leaves
//! items that are asked: the next one asks again, and takes *not found* for the answer that was lost.

mod batch;
mod begin;
mod sum_up;
mod work;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tidemark_domain::{
    Scope,
    change::PointAction,
    runs::{Outcome, Run, RunView},
};
use tidemark_runs::{ParamsError, RunKind, Step, parse_params};
use uuid::Uuid;

use self::{begin::Begin, sum_up::SumUp, work::Work};
use crate::{
    points::copy::COPY_POINTS_KIND,
    ports::{AccountStore, Cloud, RunItems},
    runs::{RefreshAll, partly},
    sync::SyncQueue,
};

/// The kind's name in the run store.
pub const DELETE_POINTS_KIND: &str = "delete_points";

/// The kind's name in the run store.
pub const CHANGE_LIFECYCLE_KIND: &str = "change_lifecycle";

/// The parameters: the points themselves are in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChangeParams {
    /// What is done.
    pub(crate) action: PointAction,
    /// The list of points.
    pub(crate) list: Uuid,
    /// How many of them are to be changed.
    pub(crate) points: u64,
    /// Digest of the plan that was shown.
    pub(crate) digest: String,
    /// Where, and what the run may touch there.
    pub(crate) scopes: Vec<ChangeScope>,
}

/// One account and Region of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChangeScope {
    /// Where.
    pub(crate) scope: Scope,
    /// The points that the session policy names, as ARNs or their beginnings.
    pub(crate) resources: Vec<String>,
}

/// The list of a run of these kinds; none for others.
pub(crate) fn list_of_run(run: &Run) -> Option<Uuid> {
    let kinds = [DELETE_POINTS_KIND, CHANGE_LIFECYCLE_KIND, COPY_POINTS_KIND];
    if !kinds.contains(&run.kind.as_str()) {
        return None;
    }
    run.params.get("list")?.as_str()?.parse().ok()
}

/// The run kinds *delete recovery points* and *change lifecycles*.
pub struct ChangeRun {
    name: &'static str,
    ports: Ports,
}

/// What every step works with.
#[derive(Clone)]
struct Ports {
    accounts: Arc<dyn AccountStore>,
    cloud: Arc<dyn Cloud>,
    items: Arc<dyn RunItems>,
    sync: SyncQueue,
}

impl ChangeRun {
    /// The kind that deletes, over its ports.
    pub fn deletion(
        accounts: Arc<dyn AccountStore>,
        cloud: Arc<dyn Cloud>,
        items: Arc<dyn RunItems>,
        sync: SyncQueue,
    ) -> Self {
        Self {
            name: DELETE_POINTS_KIND,
            ports: Ports {
                accounts,
                cloud,
                items,
                sync,
            },
        }
    }

    /// The kind that changes lifecycles, over its ports.
    pub fn lifecycle(
        accounts: Arc<dyn AccountStore>,
        cloud: Arc<dyn Cloud>,
        items: Arc<dyn RunItems>,
        sync: SyncQueue,
    ) -> Self {
        Self {
            name: CHANGE_LIFECYCLE_KIND,
            ..Self::deletion(accounts, cloud, items, sync)
        }
    }
}

impl RunKind for ChangeRun {
    fn name(&self) -> &'static str {
        self.name
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let params: ChangeParams = parse_params(params)?;
        let scopes = params.scopes.iter().map(|s| s.scope.clone()).collect();
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
                queue: self.ports.sync.clone(),
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
