use std::sync::Arc;

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::Value;
use tidemark_domain::{
    runs::{Outcome, RunState, RunView, StepState},
    sets::Hook,
};
use tidemark_runs::{ParamsError, RunKind, Step, parse_params};

use super::{
    MemberRestoring, SWITCH, SetRestoreParams,
    gate::Gate,
    look::LookInside,
    report::{Report, StepsOf},
    scopes,
    step::MemberStep,
    verify_name,
};
use crate::{
    ports::{AccountStore, Captures, Cloud, Hooks, RecordsCloud},
    restore::{RestorePorts, is_essential, rest_of, steps_of},
    runs::{RefreshAll, partly},
    sets::run::{
        MemberResult, PAUSE, PAUSED, REPORT, RESUME,
        hook::{HookStep, What},
    },
    sync::SyncQueue,
};

/// The kind's name in the run store.
pub const RESTORE_SET_KIND: &str = "restore-set";

/// The run kind *restore an application set*: restore each member as something new, all at once; verify; and where that was
/// asked for, pause, switch the application over, and resume whatever happens.
pub struct RestoreSetRun {
    ports: RestorePorts,
    hooks: Arc<dyn Hooks>,
    sync: SyncQueue,
}

impl RestoreSetRun {
    /// The kind over its ports.
    pub fn new(
        accounts: Arc<dyn AccountStore>,
        cloud: Arc<dyn Cloud>,
        records: Arc<dyn RecordsCloud>,
        captures: Arc<dyn Captures>,
        hooks: Arc<dyn Hooks>,
        sync: SyncQueue,
    ) -> Self {
        Self {
            ports: RestorePorts {
                accounts,
                cloud,
                records,
                captures,
            },
            hooks,
            sync,
        }
    }

    fn hook(
        &self,
        params: &SetRestoreParams,
        name: impl Into<String>,
        hook: &Hook,
        what: What,
        gate: Gate,
    ) -> Box<dyn Step> {
        Box::new(HookStep {
            hooks: Arc::clone(&self.hooks),
            name: name.into(),
            set: params.set.clone(),
            hook: hook.clone(),
            what,
            gate: Some(Arc::new(gate)),
        })
    }

    /// What the application is asked.
    fn hooks(&self, params: &SetRestoreParams) -> Vec<Box<dyn Step>> {
        let of = params.verify.len();
        let mut steps: Vec<Box<dyn Step>> = Vec::new();
        for (at, verify) in params.verify.iter().enumerate() {
            let what = What::Verify { nth: at + 1, of };
            let name = verify_name(at + 1);
            steps.push(self.hook(params, name, verify, what, Gate::restored()));
        }
        let Some(switch) = &params.switch else {
            return steps;
        };
        let pause = params.pause.as_ref();
        if let Some(pause) = pause {
            steps.push(self.hook(params, PAUSE, &pause.pause, What::Pause, Gate::verified(of)));
            if let Some(paused) = &pause.paused {
                let gate = Gate::paused(of, true, false);
                steps.push(self.hook(params, PAUSED, paused, What::Paused, gate));
            }
        }
        let waits = pause.is_some_and(|pause| pause.paused.is_some());
        let gate = Gate::paused(of, pause.is_some(), waits);
        steps.push(self.hook(params, SWITCH, switch, What::Switch, gate));
        if let Some(pause) = pause {
            let at_most = SignedDuration::from_mins(i64::from(pause.at_most_minutes));
            let what = What::Resume { at_most };
            steps.push(self.hook(params, RESUME, &pause.resume, what, Gate::verified(of)));
        }
        steps
    }
}

/// A single restore's steps as those of a member: those that begin it, and those that come after.
fn of_member(ports: &RestorePorts, member: &MemberRestoring) -> [Vec<Box<dyn Step>>; 2] {
    let mut halves = [Vec::new(), Vec::new()];
    let Some(restore) = &member.restore else {
        return halves;
    };
    let prefix = member.prefix();
    let mut inner = steps_of(ports, restore);
    if let (Some(table), None) = (&restore.plan.request.target_table, &restore.only) {
        let first = inner.iter().position(|step| !is_essential(step.name()));
        let look = LookInside {
            ports: ports.clone(),
            plan: restore.plan.clone(),
            table: table.clone(),
        };
        inner.insert(first.unwrap_or(inner.len()), Box::new(look));
    }
    let whole = |step: &dyn Step| format!("{prefix}{}", step.name());
    let seen_by: Vec<String> = inner
        .iter()
        .filter(|step| step.seals())
        .map(|step| whole(step.as_ref()))
        .collect();
    let mut needs = Vec::new();
    let mut begun = false;
    for inner in inner {
        begun |= inner.seals();
        let name = whole(inner.as_ref());
        let essential = is_essential(inner.name());
        let step = MemberStep {
            name: name.clone(),
            member: member.name.clone(),
            prefix: prefix.clone(),
            inner,
            needs: needs.clone(),
            seen_by: seen_by.clone(),
        };
        halves[usize::from(begun)].push(Box::new(step) as Box<dyn Step>);
        if essential {
            needs.push(name);
        }
    }
    halves
}

impl RunKind for RestoreSetRun {
    fn name(&self) -> &'static str {
        RESTORE_SET_KIND
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let params: Arc<SetRestoreParams> = Arc::new(parse_params(params)?);
        let (mut steps, mut later): (Vec<Box<dyn Step>>, Vec<_>) = (Vec::new(), Vec::new());
        for member in &params.members {
            let [begin, rest] = of_member(&self.ports, member);
            steps.extend(begin);
            later.extend(rest);
        }
        steps.extend(later);
        let names: Vec<&str> = steps.iter().map(|step| step.name()).collect();
        let of = |member| StepsOf::among(member, &names);
        steps.push(Box::new(Report {
            steps: params.members.iter().map(of).collect(),
            params: Arc::clone(&params),
        }));
        steps.extend(self.hooks(&params));
        steps.push(Box::new(RefreshAll {
            queue: self.sync.clone(),
            scopes: scopes(&params),
        }));
        Ok(steps)
    }

    fn outcome(&self, view: &RunView, outcome: Outcome) -> Outcome {
        let not_switched = view
            .step(SWITCH)
            .is_some_and(|step| step.state != StepState::Succeeded);
        match partly(view, REPORT, outcome) {
            Outcome::Succeeded | Outcome::SucceededWithWarnings if not_switched => {
                Outcome::PartlyFailed
            }
            outcome => outcome,
        }
    }

    /// The members that failed, the settings that could not be put back, and what comes after.
    fn rest(&self, params: &Value, view: &RunView) -> Option<Value> {
        if view.state == RunState::Succeeded {
            return None;
        }
        let mut params: SetRestoreParams = parse_params(params).ok()?;
        let results = &view.step(REPORT)?.output["results"];
        let results = Vec::<MemberResult>::deserialize(results).ok()?;
        let failed = |name: &str| {
            let mut all = results.iter();
            all.any(|one| one.member == name && one.status == "FAILED")
        };
        let members = std::mem::take(&mut params.members);
        for mut member in members {
            if failed(&member.name) {
                params.members.push(member);
                continue;
            }
            let prefix = member.prefix();
            let rest = member
                .restore
                .and_then(|restore| rest_of(restore, |name| view.step(&format!("{prefix}{name}"))));
            if rest.is_some() {
                member.restore = rest;
                params.members.push(member);
            }
        }
        let done = results.iter().filter(|one| !failed(&one.member)).cloned();
        params.done = done.collect();
        serde_json::to_value(params).ok()
    }

    fn summary(&self, view: &RunView) -> Value {
        view.step(REPORT)
            .map_or(Value::Null, |step| step.output.clone())
    }
}
