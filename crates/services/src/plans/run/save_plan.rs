use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};
use tidemark_domain::{
    plan::SelectionRecord,
    runs::{RunView, StepError},
    selection::BackupSelection,
};
use tidemark_runs::{ParamsError, RunKind, Step, StepCtx, StepOutcome, parse_params};

use super::{SaveParams, saving::Saving};
use crate::{
    ports::{AccountStore, Cloud, PlanMade},
    runs::Refresh,
    sync::SyncQueue,
};

/// The kind's name in the run store.
pub const SAVE_PLAN_KIND: &str = "save-plan";

const PUT: &str = "save-plan";

/// The run kind *save a backup plan*: create or change it, then its selections.
pub struct SavePlanRun {
    accounts: Arc<dyn AccountStore>,
    cloud: Arc<dyn Cloud>,
    sync: SyncQueue,
}

impl SavePlanRun {
    /// The kind over its ports.
    pub fn new(accounts: Arc<dyn AccountStore>, cloud: Arc<dyn Cloud>, sync: SyncQueue) -> Self {
        Self {
            accounts,
            cloud,
            sync,
        }
    }
}

impl RunKind for SavePlanRun {
    fn name(&self) -> &'static str {
        SAVE_PLAN_KIND
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let params: SaveParams = parse_params(params)?;
        let saving = || Saving {
            accounts: Arc::clone(&self.accounts),
            cloud: Arc::clone(&self.cloud),
            params: params.clone(),
        };
        let mut steps: Vec<Box<dyn Step>> = Vec::new();
        if params.changes_plan() {
            steps.push(Box::new(PutPlan(saving())));
        }
        for (index, work) in params.selections.iter().enumerate() {
            steps.push(Box::new(PutSelection {
                name: format!("selection-{index}"),
                title: title(work.old.as_ref(), work.new.as_ref()),
                saving: saving(),
                index,
            }));
        }
        steps.push(Box::new(Refresh::of(self.sync.clone(), params.scope())));
        Ok(steps)
    }

    fn summary(&self, view: &RunView) -> Value {
        view.step(PUT)
            .map_or(Value::Null, |step| json!({ "plan": step.output }))
    }
}

fn title(old: Option<&SelectionRecord>, new: Option<&BackupSelection>) -> String {
    match (old, new) {
        (None, Some(new)) => format!("Make the selection {}", new.selection_name),
        (Some(_), Some(new)) => format!("Replace the selection {}", new.selection_name),
        (Some(old), None) => format!("Delete the selection {}", old.selection.selection_name),
        (None, None) => "Look at the selections".to_owned(),
    }
}

struct PutPlan(Saving);

#[async_trait]
impl Step for PutPlan {
    fn name(&self) -> &'static str {
        PUT
    }

    fn title(&self) -> String {
        let name = &self.0.params.plan.backup_plan_name;
        match self.0.params.before {
            Some(_) => format!("Make a new version of the plan {name}"),
            None => format!("Create the plan {name}"),
        }
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        StepOutcome::done_with(self.0.put_plan(ctx).await?)
    }

    fn can_undo(&self) -> bool {
        true
    }

    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let made = ctx.find_output::<PlanMade>(PUT)?;
        self.0.undo_plan(ctx, made).await?;
        Ok(StepOutcome::done())
    }
}

struct PutSelection {
    name: String,
    title: String,
    saving: Saving,
    index: usize,
}

impl PutSelection {
    /// The id of the plan: known before, or that of the plan that the first step made.
    fn plan_id(&self, ctx: &StepCtx) -> Result<Option<String>, StepError> {
        if let Some(before) = &self.saving.params.before {
            return Ok(Some(before.id.clone()));
        }
        Ok(ctx.find_output::<PlanMade>(PUT)?.map(|made| made.id))
    }
}

#[async_trait]
impl Step for PutSelection {
    fn name(&self) -> &str {
        &self.name
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let plan = self
            .plan_id(ctx)?
            .ok_or_else(|| StepError::permanent("the new plan's id is missing"))?;
        self.saving.put_selection(ctx, &plan, self.index).await?;
        Ok(StepOutcome::done())
    }

    fn can_undo(&self) -> bool {
        true
    }

    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        if let Some(plan) = self.plan_id(ctx)? {
            self.saving.undo_selection(ctx, &plan, self.index).await?;
        }
        Ok(StepOutcome::done())
    }
}
