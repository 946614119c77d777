use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Serialize};
use tidemark_domain::{
    AccountId, Region, Scope,
    plan::{BackupPlan, PlanRecord, SelectionRecord, same_plan, same_selection},
    runs::{NoteLevel, StepError},
    selection::BackupSelection,
};
use tidemark_runs::StepCtx;

use super::save_policy;
use crate::{
    ports::{AccountStore, Cloud, CloudErrorKind, PlanMade, Target},
    runs::{run_target, step_error},
};

/// What saving a plan in one account and Region has to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SaveParams {
    /// Account.
    pub(crate) account: AccountId,
    /// Region.
    pub(crate) region: Region,
    /// The plan as it was when this was worked out; none for a new one.
    pub(crate) before: Option<PlanRecord>,
    /// The plan as it shall be.
    pub(crate) plan: BackupPlan,
    /// What happens to selections; those that stay are not named.
    pub(crate) selections: Vec<SelectionWork>,
}

/// What happens to one selection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SelectionWork {
    /// The one that goes.
    pub(crate) old: Option<SelectionRecord>,
    /// The one that comes.
    pub(crate) new: Option<BackupSelection>,
}

/// A plan, as what only one unfinished run may change.
pub(super) fn plan_target(account: &AccountId, region: &Region, plan: &str) -> String {
    format!("plan:{account}:{region}:{plan}")
}

impl SaveParams {
    pub(crate) fn scope(&self) -> Scope {
        Scope {
            account: self.account.clone(),
            region: self.region.clone(),
        }
    }

    /// What only one unfinished run may change: the plan that is there, and its name now and before. Of a name
    /// there should be one plan, so that one who makes it and one who changes it get in each other's way.
    pub(crate) fn targets(&self) -> Vec<String> {
        let mut names = BTreeSet::from([self.plan.backup_plan_name.as_str()]);
        if let Some(before) = &self.before {
            names.extend([before.id.as_str(), before.plan.backup_plan_name.as_str()]);
        }
        let target = |name| plan_target(&self.account, &self.region, name);
        names.into_iter().map(target).collect()
    }

    /// The plan itself changes, not just its selections.
    pub(super) fn changes_plan(&self) -> bool {
        self.before
            .as_ref()
            .is_none_or(|before| !same_plan(&before.plan, &self.plan))
    }
}

/// Saves a plan in one account and Region, piece by piece; each piece looks first whether its effect
/// is there. `purpose` keeps the tokens of several pieces in one step apart.
pub(super) struct Saving {
    pub(super) accounts: Arc<dyn AccountStore>,
    pub(super) cloud: Arc<dyn Cloud>,
    pub(super) params: SaveParams,
}

impl Saving {
    /// Credentials for the plan of this id, or just for creating one.
    async fn target(&self, ctx: &StepCtx, plan: Option<&str>) -> Result<Target, StepError> {
        run_target(
            self.accounts.as_ref(),
            &self.params.account,
            &self.params.region,
            ctx.run_id(),
            &ctx.source_identity(),
            save_policy(&self.params, plan).fitted(),
        )
        .await
    }

    async fn read(&self, target: &Target, id: &str) -> Result<Option<PlanRecord>, StepError> {
        self.cloud
            .plan(target, id)
            .await
            .map_err(|e| step_error(&e))
    }

    /// Creates the plan, or makes a new version of it. Nothing is done when it is as wanted already.
    pub(super) async fn put_plan(&self, ctx: &StepCtx) -> Result<PlanMade, StepError> {
        let Some(before) = &self.params.before else {
            return self.create(ctx).await;
        };
        let target = self.target(ctx, None).await?;
        let now = self.read(&target, &before.id).await?.ok_or_else(gone)?;
        if same_plan(&now.plan, &self.params.plan) {
            return Ok(PlanMade {
                id: now.id,
                arn: now.arn,
                version_id: now.version_id,
            });
        }
        if now.version_id != before.version_id && !same_plan(&now.plan, &before.plan) {
            return Err(
                StepError::conflict("the plan was changed by somebody else meanwhile")
                    .with_guidance("Open the plan again and make the change on what it is now."),
            );
        }
        self.cloud
            .update_plan(&target, &before.id, &self.params.plan)
            .await
            .map_err(|e| step_error(&e))
    }

    async fn create(&self, ctx: &StepCtx) -> Result<PlanMade, StepError> {
        let target = self.target(ctx, None).await?;
        self.cloud
            .create_plan(&target, &self.params.plan, &ctx.token_for("plan"))
            .await
            .map_err(|e| step_error(&e))
    }

    /// The plan whose creation may have taken place: when its answer was lost, the same call with the same token names
    /// it. None when AWS refuses it and it was `tried_once`, and refused, before; tried more often, nobody can say.
    pub(super) async fn created(
        &self,
        ctx: &StepCtx,
        tried_once: bool,
    ) -> Result<Option<PlanMade>, StepError> {
        match self.create(ctx).await {
            Ok(made) => Ok(Some(made)),
            Err(error) if error.is_retryable() => Err(error),
            Err(_) if tried_once => Ok(None),
            Err(error) => Err(StepError::permanent(format!(
                "the plan {} may have been created in {} {}: the answer was lost, and AWS Backup refuses the same call \
                 now ({error})",
                self.params.plan.backup_plan_name, self.params.account, self.params.region
            ))
            .with_guidance(
                "Look in AWS Backup for a plan of this name made at this time, and delete it if nobody needs it.",
            )),
        }
    }

    /// Takes [`Saving::put_plan`] back. `made` is what it answered, where that is known.
    pub(super) async fn undo_plan(
        &self,
        ctx: &StepCtx,
        made: Option<PlanMade>,
    ) -> Result<(), StepError> {
        let Some(before) = &self.params.before else {
            let made = match made {
                Some(made) => made,
                None => match self.created(ctx, ctx.was_refused()).await? {
                    Some(made) => made,
                    None => return Ok(()),
                },
            };
            let target = self.target(ctx, Some(&made.id)).await?;
            return self
                .cloud
                .delete_plan(&target, &made.id)
                .await
                .map_err(|e| step_error(&e));
        };
        let target = self.target(ctx, None).await?;
        let Some(now) = self.read(&target, &before.id).await? else {
            return Ok(());
        };
        if same_plan(&now.plan, &before.plan) {
            return Ok(());
        }
        if !same_plan(&now.plan, &self.params.plan) {
            ctx.note(
                NoteLevel::Warning,
                "The plan was changed by somebody else meanwhile: it stays as it is now.",
            );
            return Ok(());
        }
        self.cloud
            .update_plan(&target, &before.id, &before.plan)
            .await
            .map(|_| ())
            .map_err(|e| step_error(&e))
    }

    /// Makes the new selection, if any, then deletes the old one, if any.
    pub(super) async fn put_selection(
        &self,
        ctx: &StepCtx,
        plan_id: &str,
        index: usize,
    ) -> Result<(), StepError> {
        let Some(work) = self.params.selections.get(index) else {
            return Ok(());
        };
        let target = self.target(ctx, Some(plan_id)).await?;
        let plan = self.read(&target, plan_id).await?.ok_or_else(gone)?;
        let old = work
            .old
            .as_ref()
            .filter(|old| plan.selections.iter().any(|one| one.id == old.id));
        if let Some(new) = &work.new
            && other_than(&plan, old, new).is_none()
        {
            self.make(ctx, &target, &plan, old, new, &format!("selection {index}"))
                .await?;
        }
        match old {
            Some(old) => self.remove(&target, plan_id, &old.id).await,
            None => Ok(()),
        }
    }

    /// Takes [`Saving::put_selection`] back.
    pub(super) async fn undo_selection(
        &self,
        ctx: &StepCtx,
        plan_id: &str,
        index: usize,
    ) -> Result<(), StepError> {
        let Some(work) = self.params.selections.get(index) else {
            return Ok(());
        };
        let target = self.target(ctx, Some(plan_id)).await?;
        let Some(plan) = self.read(&target, plan_id).await? else {
            return Ok(());
        };
        let made = work
            .new
            .as_ref()
            .and_then(|new| other_than(&plan, work.old.as_ref(), new));
        if let Some(old) = &work.old {
            let there = plan.selections.iter().any(|one| {
                one.id == old.id
                    || (Some(&one.id) != made.map(|made| &made.id)
                        && same_selection(&one.selection, &old.selection))
            });
            if !there {
                let purpose = format!("selection {index} again");
                self.make(ctx, &target, &plan, made, &old.selection, &purpose)
                    .await?;
            }
        }
        match made {
            Some(made) => self.remove(&target, plan_id, &made.id).await,
            None => Ok(()),
        }
    }

    /// Creates a selection. Where its name is still that of the one that goes, that one goes first.
    async fn make(
        &self,
        ctx: &StepCtx,
        target: &Target,
        plan: &PlanRecord,
        goes: Option<&SelectionRecord>,
        selection: &BackupSelection,
        purpose: &str,
    ) -> Result<(), StepError> {
        let create = async |purpose: &str| {
            self.cloud
                .create_selection(target, &plan.id, selection, &ctx.token_for(purpose))
                .await
        };
        match (create(purpose).await, goes) {
            (Ok(_), _) => Ok(()),
            (Err(error), Some(goes)) if error.kind == CloudErrorKind::Conflict => {
                self.remove(target, &plan.id, &goes.id).await?;
                create(&format!("{purpose} after the old"))
                    .await
                    .map(|_| ())
                    .map_err(|e| step_error(&e))
            }
            (Err(error), _) => Err(step_error(&error)),
        }
    }

    async fn remove(&self, target: &Target, plan_id: &str, id: &str) -> Result<(), StepError> {
        self.cloud
            .delete_selection(target, plan_id, id)
            .await
            .map_err(|e| step_error(&e))
    }
}

/// A selection of this content that is not the old one.
fn other_than<'a>(
    plan: &'a PlanRecord,
    old: Option<&SelectionRecord>,
    wanted: &BackupSelection,
) -> Option<&'a SelectionRecord> {
    plan.selections.iter().find(|one| {
        old.is_none_or(|old| old.id != one.id) && same_selection(&one.selection, wanted)
    })
}

fn gone() -> StepError {
    StepError::conflict("the plan was deleted by somebody else meanwhile")
}
