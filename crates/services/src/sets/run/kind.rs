use std::sync::Arc;

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::Value;
use tidemark_domain::{
    runs::{Outcome, RunView},
    sets::ResumeWhen,
};
use tidemark_runs::{ParamsError, RunKind, Step, parse_params};

use super::{
    MemberResult, PAUSE, PAUSED, REPORT, RESUME, SetBackupParams,
    hook::{HookStep, What},
    jobs::{Jobs, StartJobs, WaitJobs},
    policy::scopes,
    report::Report,
};
use crate::{
    ports::{AccountStore, Cloud, Hooks},
    runs::{RefreshAll, partly},
    sync::SyncQueue,
};

/// The kind's name in the run store.
pub const BACK_UP_SET_KIND: &str = "back-up-set";

/// The run kind *back up an application set*: pause, wait until paused, start a job for each member, resume whatever
/// happens, wait for the jobs.
pub struct BackUpSetRun {
    accounts: Arc<dyn AccountStore>,
    cloud: Arc<dyn Cloud>,
    hooks: Arc<dyn Hooks>,
    sync: SyncQueue,
}

impl BackUpSetRun {
    /// The kind over its ports.
    pub fn new(
        accounts: Arc<dyn AccountStore>,
        cloud: Arc<dyn Cloud>,
        hooks: Arc<dyn Hooks>,
        sync: SyncQueue,
    ) -> Self {
        Self {
            accounts,
            cloud,
            hooks,
            sync,
        }
    }
}

impl RunKind for BackUpSetRun {
    fn name(&self) -> &'static str {
        BACK_UP_SET_KIND
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let params: Arc<SetBackupParams> = Arc::new(parse_params(params)?);
        let jobs = || Jobs {
            accounts: Arc::clone(&self.accounts),
            cloud: Arc::clone(&self.cloud),
            params: Arc::clone(&params),
        };
        let hook = |name: &str, hook: &tidemark_domain::sets::Hook, what| -> Box<dyn Step> {
            Box::new(HookStep {
                hooks: Arc::clone(&self.hooks),
                name: name.to_owned(),
                set: params.set.clone(),
                hook: hook.clone(),
                what,
                gate: None,
            })
        };
        let mut steps: Vec<Box<dyn Step>> = Vec::new();
        let mut resume = None;
        if let Some(pause) = &params.pause {
            steps.push(hook(PAUSE, &pause.pause, What::Pause));
            if let Some(paused) = &pause.paused {
                steps.push(hook(PAUSED, paused, What::Paused));
            }
            let at_most = SignedDuration::from_mins(i64::from(pause.at_most_minutes));
            resume = Some((
                hook(RESUME, &pause.resume, What::Resume { at_most }),
                pause.resume_when,
            ));
        }
        steps.push(Box::new(StartJobs(jobs())));
        match resume {
            Some((resume, ResumeWhen::Started)) => {
                steps.push(resume);
                steps.push(Box::new(WaitJobs(jobs())));
            }
            Some((resume, ResumeWhen::Completed)) => {
                steps.push(Box::new(WaitJobs(jobs())));
                steps.push(resume);
            }
            None => steps.push(Box::new(WaitJobs(jobs()))),
        }
        steps.push(Box::new(Report));
        steps.push(Box::new(RefreshAll {
            queue: self.sync.clone(),
            scopes: scopes(&params),
        }));
        Ok(steps)
    }

    fn outcome(&self, view: &RunView, outcome: Outcome) -> Outcome {
        partly(view, REPORT, outcome)
    }

    /// Nothing less than the whole: backups of the members that failed would be of another moment than the others.
    fn rest(&self, params: &Value, view: &RunView) -> Option<Value> {
        let results = &view.step(REPORT)?.output["results"];
        let results = Vec::<MemberResult>::deserialize(results).ok()?;
        let failed = results.iter().any(|one| !one.is_well());
        failed.then(|| params.clone())
    }

    fn summary(&self, view: &RunView) -> Value {
        view.step(REPORT)
            .map_or(Value::Null, |step| step.output.clone())
    }
}
