//! The run that carries a restore's plan out.

mod check_name;
mod create_table;
mod identity;
mod load_records;
mod put_back;
mod start_job;
mod wait_job;
mod wait_table;
mod world;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tidemark_domain::{
    PutBack, RestorePlan, RestoreSource, Scope,
    runs::{RunState, RunView, StepView},
};
use tidemark_runs::{ParamsError, RunKind, Step, parse_params};

use self::{
    check_name::CheckName, create_table::CreateTable, identity::identity_in,
    load_records::LoadRecords, put_back::PutBackStep, start_job::StartJob, wait_job::WaitJob,
    wait_table::WaitTable, world::World,
};
use super::{policy::put_back_policy, words::describe};
use crate::{
    ports::{AccountStore, Captures, Cloud, RecordsCloud, TableIdentity},
    runs::Refresh,
    sync::SyncQueue,
};

/// The kind's name in the run store.
pub const RESTORE_KIND: &str = "restore";

/// The parameters of a restore: the plan as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RestoreParams {
    /// The plan.
    pub(crate) plan: RestorePlan,
    /// Only these settings are put back, on the table that a run before has made; none for the whole
    /// plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) only: Option<Vec<PutBack>>,
    /// The table that the run before has made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) made: Option<TableIdentity>,
}

impl RestoreParams {
    /// All of the plan.
    pub(crate) fn whole(plan: RestorePlan) -> Self {
        Self {
            plan,
            only: None,
            made: None,
        }
    }
}

/// The run kind *restore*.
///
/// A DynamoDB table comes back by DynamoDB itself (point in time, on-demand backup) or by AWS
/// Backup, or from records kept one by one; every other type by AWS Backup. Settings that the restore loses are put back one by one.
pub struct RestoreRun {
    ports: RestorePorts,
    sync: SyncQueue,
}

/// What the steps of a restore work with.
#[derive(Clone)]
pub(crate) struct RestorePorts {
    pub(crate) accounts: Arc<dyn AccountStore>,
    pub(crate) cloud: Arc<dyn Cloud>,
    pub(crate) records: Arc<dyn RecordsCloud>,
    pub(crate) captures: Arc<dyn Captures>,
}

impl RestoreRun {
    /// The kind over its ports.
    pub fn new(
        accounts: Arc<dyn AccountStore>,
        cloud: Arc<dyn Cloud>,
        records: Arc<dyn RecordsCloud>,
        captures: Arc<dyn Captures>,
        sync: SyncQueue,
    ) -> Self {
        Self {
            ports: RestorePorts {
                accounts,
                cloud,
                records,
                captures,
            },
            sync,
        }
    }
}

/// The steps of one restore, without what comes after every run.
pub(crate) fn steps_of(ports: &RestorePorts, params: &RestoreParams) -> Vec<Box<dyn Step>> {
    let RestoreParams { plan, only, made } = params;
    let world = || World {
        accounts: Arc::clone(&ports.accounts),
        cloud: Arc::clone(&ports.cloud),
        records: Arc::clone(&ports.records),
        captures: Arc::clone(&ports.captures),
        plan: plan.clone(),
        made: made.clone(),
        only_puts_back: only.is_some(),
    };
    let mut steps: Vec<Box<dyn Step>> = match plan.request.source {
        _ if only.is_some() => Vec::new(),
        RestoreSource::RecoveryPoint { .. } => {
            vec![Box::new(StartJob(world())), Box::new(WaitJob(world()))]
        }
        RestoreSource::PointInTime { .. } | RestoreSource::DynamoDbBackup { .. } => {
            vec![Box::new(CheckName(world())), Box::new(CreateTable(world()))]
        }
        RestoreSource::Records { .. } => vec![Box::new(LoadRecords(world()))],
    };
    if plan.request.target_table.is_some() {
        steps.push(Box::new(WaitTable(world())));
        for what in PutBack::ALL {
            if only.as_ref().is_some_and(|only| !only.contains(&what)) {
                continue;
            }
            if plan.request.put_back.contains(&what) && describe(what, &plan.settings).is_some() {
                steps.push(Box::new(PutBackStep::new(world(), what)));
            }
        }
    }
    steps
}

/// What puts the settings back that could not be put back; none where none is missing. `step` finds the restore's steps.
pub(crate) fn rest_of<'a>(
    params: RestoreParams,
    step: impl Fn(&str) -> Option<&'a StepView>,
) -> Option<RestoreParams> {
    let RestoreParams { mut plan, made, .. } = params;
    let made = step(wait_table::NAME)
        .and_then(|step| identity_in(&step.output))
        .or(made);
    let missing: Vec<PutBack> = PutBack::ALL
        .into_iter()
        .filter(|what| step(&put_back::step_name(*what)).is_some_and(StepView::is_warning))
        .collect();
    if missing.is_empty() {
        return None;
    }
    plan.request.put_back.retain(|what| missing.contains(what));
    plan.session_policy = put_back_policy(&plan).fitted();
    Some(RestoreParams {
        plan,
        only: Some(missing),
        made,
    })
}

/// What a restore has made, where it has; `output` finds what its steps have left.
pub(crate) fn created(output: impl Fn(&str) -> Option<Value>) -> Value {
    [create_table::NAME, load_records::NAME, wait_job::NAME]
        .iter()
        .find_map(|name| output(name))
        .map_or(Value::Null, |output| output["created"].clone())
}

/// The names of the steps that make what a restore is for: without them there is nothing to go on with.
pub(crate) fn is_essential(step: &str) -> bool {
    !step.starts_with(put_back::PREFIX)
}

impl RunKind for RestoreRun {
    fn name(&self) -> &'static str {
        RESTORE_KIND
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let params: RestoreParams = parse_params(params)?;
        let mut steps = steps_of(&self.ports, &params);
        let plan = &params.plan;
        steps.push(Box::new(Refresh::of(
            self.sync.clone(),
            Scope {
                account: plan.account.clone(),
                region: plan.region.clone(),
            },
        )));
        Ok(steps)
    }

    /// The settings that could not be put back.
    fn rest(&self, params: &Value, view: &RunView) -> Option<Value> {
        if view.state != RunState::SucceededWithWarnings {
            return None;
        }
        let params = parse_params(params).ok()?;
        let rest = rest_of(params, |name| view.step(name))?;
        serde_json::to_value(rest).ok()
    }

    fn summary(&self, view: &RunView) -> Value {
        let created = created(|name| view.step(name).map(|step| step.output.clone()));
        json!({ "created": created })
    }
}
