use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidemark_domain::{
    plan::{PlanRecord, same_plan},
    runs::StepError,
};
use tidemark_runs::{ParamsError, RunKind, Step, StepCtx, StepOutcome, parse_params};

use super::{SaveParams, SelectionWork, delete_policy, saving::Saving};
use crate::{
    ports::{AccountStore, Cloud},
    runs::{Refresh, run_target, step_error},
    sync::SyncQueue,
};

/// The kind's name in the run store.
pub const DELETE_PLAN_KIND: &str = "delete-plan";

/// The parameters of a deletion: the plan as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeleteParams {
    pub(crate) plan: PlanRecord,
}

/// The run kind *delete a backup plan*: its selections, then the plan. Until the plan itself is
/// deleted, everything can be undone.
pub struct DeletePlanRun {
    accounts: Arc<dyn AccountStore>,
    cloud: Arc<dyn Cloud>,
    sync: SyncQueue,
}

impl DeletePlanRun {
    /// The kind over its ports.
    pub fn new(accounts: Arc<dyn AccountStore>, cloud: Arc<dyn Cloud>, sync: SyncQueue) -> Self {
        Self {
            accounts,
            cloud,
            sync,
        }
    }
}

impl RunKind for DeletePlanRun {
    fn name(&self) -> &'static str {
        DELETE_PLAN_KIND
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let DeleteParams { plan } = parse_params(params)?;
        let saving = || Saving {
            accounts: Arc::clone(&self.accounts),
            cloud: Arc::clone(&self.cloud),
            params: SaveParams {
                account: plan.account.clone(),
                region: plan.region.clone(),
                before: Some(plan.clone()),
                plan: plan.plan.clone(),
                selections: plan
                    .selections
                    .iter()
                    .map(|one| SelectionWork {
                        old: Some(one.clone()),
                        new: None,
                    })
                    .collect(),
            },
        };
        let mut steps: Vec<Box<dyn Step>> = Vec::new();
        for (index, one) in plan.selections.iter().enumerate() {
            steps.push(Box::new(DeleteSelection {
                name: format!("delete-selection-{index}"),
                selection: one.selection.selection_name.clone(),
                saving: saving(),
                index,
            }));
        }
        steps.push(Box::new(DeletePlan {
            accounts: Arc::clone(&self.accounts),
            cloud: Arc::clone(&self.cloud),
            plan: plan.clone(),
        }));
        steps.push(Box::new(Refresh::of(self.sync.clone(), plan.scope())));
        Ok(steps)
    }
}

struct DeleteSelection {
    name: String,
    selection: String,
    saving: Saving,
    index: usize,
}

impl DeleteSelection {
    fn plan_id(&self) -> &str {
        let before = self.saving.params.before.as_ref();
        before.map_or("", |plan| plan.id.as_str())
    }
}

#[async_trait]
impl Step for DeleteSelection {
    fn name(&self) -> &str {
        &self.name
    }

    fn title(&self) -> String {
        format!("Delete the selection {}", self.selection)
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.saving
            .put_selection(ctx, self.plan_id(), self.index)
            .await?;
        Ok(StepOutcome::done())
    }

    fn can_undo(&self) -> bool {
        true
    }

    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.saving
            .undo_selection(ctx, self.plan_id(), self.index)
            .await?;
        Ok(StepOutcome::done())
    }
}

struct DeletePlan {
    accounts: Arc<dyn AccountStore>,
    cloud: Arc<dyn Cloud>,
    plan: PlanRecord,
}

#[async_trait]
impl Step for DeletePlan {
    fn name(&self) -> &'static str {
        "delete-plan"
    }

    fn title(&self) -> String {
        format!("Delete the plan {}", self.plan.plan.backup_plan_name)
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = run_target(
            self.accounts.as_ref(),
            &self.plan.account,
            &self.plan.region,
            ctx.run_id(),
            &ctx.source_identity(),
            delete_policy(&self.plan).fitted(),
        )
        .await?;
        let now = self
            .cloud
            .plan(&target, &self.plan.id)
            .await
            .map_err(|e| step_error(&e))?;
        let Some(now) = now else {
            return Ok(StepOutcome::done());
        };
        if !same_plan(&now.plan, &self.plan.plan) || !now.selections.is_empty() {
            return Err(StepError::conflict(
                "the plan was changed by somebody else since its deletion was shown",
            )
            .with_guidance("Look at the plan again, and delete it as it is now."));
        }
        self.cloud
            .delete_plan(&target, &self.plan.id)
            .await
            .map_err(|e| step_error(&e))?;
        Ok(StepOutcome::done())
    }
}
