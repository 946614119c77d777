use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tidemark_domain::runs::{NoteLevel, Outcome, RunView, StepError};
use tidemark_runs::{ParamsError, RunKind, Step, StepCtx, StepOutcome, parse_params};

use super::{SaveParams, saving::Saving};
use crate::{
    ports::{AccountStore, Cloud, PlanMade},
    runs::{Refresh, partly},
    sync::SyncQueue,
};

/// The kind's name in the run store.
pub const ROLLOUT_KIND: &str = "roll-out-plan";

/// The parameters of a rollout: what saving does in each target, as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RolloutParams {
    pub(crate) targets: Vec<SaveParams>,
}

/// What became of one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Landed {
    account: String,
    region: String,
    /// The plan there; none when it could not be saved.
    plan: Option<PlanMade>,
    /// Why it could not be saved.
    error: Option<String>,
}

/// The run kind *roll a backup plan out*: one step per account and Region. A target that refuses is
/// left as it was, and does not stop the others.
pub struct RolloutRun {
    accounts: Arc<dyn AccountStore>,
    cloud: Arc<dyn Cloud>,
    sync: SyncQueue,
}

impl RolloutRun {
    /// The kind over its ports.
    pub fn new(accounts: Arc<dyn AccountStore>, cloud: Arc<dyn Cloud>, sync: SyncQueue) -> Self {
        Self {
            accounts,
            cloud,
            sync,
        }
    }
}

impl RunKind for RolloutRun {
    fn name(&self) -> &'static str {
        ROLLOUT_KIND
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let RolloutParams { targets } = parse_params(params)?;
        let mut steps: Vec<Box<dyn Step>> = Vec::with_capacity(2 * targets.len() + 1);
        let names: Vec<String> = targets.iter().map(step_name).collect();
        for params in &targets {
            steps.push(Box::new(Land {
                name: step_name(params),
                alone: targets.len() == 1,
                saving: Saving {
                    accounts: Arc::clone(&self.accounts),
                    cloud: Arc::clone(&self.cloud),
                    params: params.clone(),
                },
            }));
        }
        steps.push(Box::new(Report { names }));
        for params in &targets {
            steps.push(Box::new(Refresh::of_many(
                self.sync.clone(),
                params.scope(),
            )));
        }
        Ok(steps)
    }

    fn outcome(&self, view: &RunView, outcome: Outcome) -> Outcome {
        partly(view, REPORT, outcome)
    }

    /// The targets that could not be changed.
    fn rest(&self, params: &Value, view: &RunView) -> Option<Value> {
        let RolloutParams { targets } = parse_params(params).ok()?;
        let failed = targets.into_iter().filter(|target| {
            let landed = view
                .step(&step_name(target))
                .and_then(|step| Landed::deserialize(&step.output).ok());
            landed.is_some_and(|landed| landed.error.is_some())
        });
        let targets: Vec<SaveParams> = failed.collect();
        if targets.is_empty() {
            return None;
        }
        serde_json::to_value(RolloutParams { targets }).ok()
    }

    fn summary(&self, view: &RunView) -> Value {
        view.step(REPORT)
            .map_or(Value::Null, |step| step.output.clone())
    }
}

/// How long a target may be out of reach before it counts as failed, where others wait for it.
const PATIENCE: SignedDuration = SignedDuration::from_mins(30);

fn step_name(params: &SaveParams) -> String {
    format!("{}-{}", params.account, params.region)
}

struct Land {
    name: String,
    saving: Saving,
    /// No other target waits for this one.
    alone: bool,
}

impl Land {
    /// An error comes with the plan, where that was saved.
    async fn save(&self, ctx: &StepCtx) -> Result<PlanMade, (Option<PlanMade>, StepError)> {
        let made = self.saving.put_plan(ctx).await.map_err(|e| (None, e))?;
        for index in 0..self.saving.params.selections.len() {
            if let Err(error) = self.saving.put_selection(ctx, &made.id, index).await {
                return Err((Some(made), error));
            }
        }
        Ok(made)
    }

    /// Takes everything back, last first. Where the plan is not known, `tried_once` says that it was tried once, and
    /// refused.
    async fn revert(
        &self,
        ctx: &StepCtx,
        made: Option<PlanMade>,
        tried_once: bool,
    ) -> Result<(), StepError> {
        let before = self.saving.params.before.as_ref();
        let made = match made {
            // Its answer was lost: the same call names the same plan, if there is one.
            None if before.is_none() => match self.saving.created(ctx, tried_once).await? {
                None => return Ok(()),
                made => made,
            },
            made => made,
        };
        let id = before
            .map(|plan| plan.id.clone())
            .or_else(|| made.as_ref().map(|made| made.id.clone()));
        if let Some(id) = id {
            for index in (0..self.saving.params.selections.len()).rev() {
                self.saving.undo_selection(ctx, &id, index).await?;
            }
        }
        self.saving.undo_plan(ctx, made).await
    }

    fn landed(&self, plan: Option<PlanMade>, error: Option<String>) -> Landed {
        Landed {
            account: self.saving.params.account.to_string(),
            region: self.saving.params.region.to_string(),
            plan,
            error,
        }
    }
}

#[async_trait]
impl Step for Land {
    fn name(&self) -> &str {
        &self.name
    }

    fn title(&self) -> String {
        let params = &self.saving.params;
        let what = match params.before {
            Some(_) => "Change",
            None => "Create",
        };
        format!("{what} the plan in {} {}", params.account, params.region)
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        // An account that is out of reach for long must not keep the others waiting for ever.
        let last = !self.alone && ctx.failing_for() >= PATIENCE;
        match self.save(ctx).await {
            Ok(made) => StepOutcome::done_with(self.landed(Some(made), None)),
            Err((_, error)) if error.is_retryable() && !last => Err(error),
            Err((made, error)) => {
                let tried_once = ctx.attempt() == 1 && !error.is_retryable();
                if let Err(left) = self.revert(ctx, made, tried_once).await {
                    if left.is_retryable() && !last {
                        return Err(left);
                    }
                    ctx.note(
                        NoteLevel::Warning,
                        format!(
                            "{}: what was begun could not be taken back: {left}",
                            self.name
                        ),
                    );
                }
                ctx.note(NoteLevel::Warning, format!("{}: {error}", self.name));
                StepOutcome::done_with(self.landed(None, Some(error.to_string())))
            }
        }
    }

    fn can_undo(&self) -> bool {
        true
    }

    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let landed = ctx.find_output::<Landed>(&self.name)?;
        match landed {
            // It was left as it was.
            Some(Landed { plan: None, .. }) => {}
            landed => {
                let made = landed.and_then(|l| l.plan);
                self.revert(ctx, made, ctx.was_refused()).await?;
            }
        }
        Ok(StepOutcome::done())
    }
}

const REPORT: &str = "report";

/// Counts what became of the targets. When none could be changed, the run has failed.
struct Report {
    names: Vec<String>,
}

#[async_trait]
impl Step for Report {
    fn name(&self) -> &'static str {
        REPORT
    }

    fn title(&self) -> String {
        "Summarize the results".to_owned()
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let mut results = Vec::with_capacity(self.names.len());
        for name in &self.names {
            results.push(ctx.output::<Landed>(name)?);
        }
        let failed = results.iter().filter(|one| one.error.is_some()).count();
        if failed == results.len() {
            let why = results.iter().find_map(|one| one.error.clone());
            return Err(StepError::permanent(format!(
                "the plan could be saved in none of {failed} accounts and Regions: {}",
                why.unwrap_or_default()
            )));
        }
        StepOutcome::done_with(json!({
            "saved": results.len() - failed,
            "failed": failed,
            "results": results,
        }))
    }
}
