//! The run that makes or releases a legal hold, and waits until AWS has done so.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tidemark_domain::{
    Scope,
    runs::{RunView, StepError},
    vaults::{HoldChange, HoldRelease, HoldRequest, NewHold},
};
use tidemark_runs::{ParamsError, RunKind, Step, StepCtx, StepOutcome, parse_params};

use super::session::session_policy;
use crate::{
    ports::{AccountStore, Target, VaultCloud},
    runs::{Refresh, next_look, run_target, step_error},
    sync::SyncQueue,
};

/// The kind's name in the run store.
pub const CHANGE_HOLD_KIND: &str = "change-legal-hold";

const CREATE: &str = "create-legal-hold";

/// The parameters: as it was shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct HoldParams {
    /// As asked for.
    pub(crate) request: HoldRequest,
    /// Why: AWS keeps it with a hold that is released.
    pub(crate) why: String,
    /// Digest of the plan.
    pub(crate) digest: String,
}

/// What only one unfinished run may work on: of a hold that is made there is none yet.
pub(super) fn target_of(request: &HoldRequest) -> Option<String> {
    matches!(request.change, HoldChange::Release(_)).then(|| format!("hold:{}", request.arn()))
}

/// The same for a run that is begun again.
pub(crate) fn targets_of(params: &Value) -> Vec<String> {
    let params: Result<HoldParams, _> = parse_params(params);
    params
        .ok()
        .and_then(|params| target_of(&params.request))
        .into_iter()
        .collect()
}

/// The run kind *make or release a legal hold*.
pub struct HoldRun {
    accounts: Arc<dyn AccountStore>,
    vaults: Arc<dyn VaultCloud>,
    sync: SyncQueue,
}

impl HoldRun {
    /// The kind over its ports.
    pub fn new(
        accounts: Arc<dyn AccountStore>,
        vaults: Arc<dyn VaultCloud>,
        sync: SyncQueue,
    ) -> Self {
        Self {
            accounts,
            vaults,
            sync,
        }
    }
}

impl RunKind for HoldRun {
    fn name(&self) -> &'static str {
        CHANGE_HOLD_KIND
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let params: Arc<HoldParams> = Arc::new(parse_params(params)?);
        let world = || World {
            accounts: Arc::clone(&self.accounts),
            vaults: Arc::clone(&self.vaults),
            params: Arc::clone(&params),
        };
        let mut steps: Vec<Box<dyn Step>> = match &params.request.change {
            HoldChange::Create(new) => vec![
                Box::new(Create {
                    world: world(),
                    new: new.clone(),
                }),
                Box::new(WaitActive(world())),
            ],
            HoldChange::Release(release) => vec![Box::new(Release {
                world: world(),
                release: release.clone(),
            })],
        };
        steps.push(Box::new(Refresh::of(
            self.sync.clone(),
            Scope {
                account: params.request.account.clone(),
                region: params.request.region.clone(),
            },
        )));
        Ok(steps)
    }

    fn summary(&self, view: &RunView) -> Value {
        view.step(CREATE)
            .map_or(Value::Null, |step| json!({ "hold": step.output["hold"] }))
    }
}

struct World {
    accounts: Arc<dyn AccountStore>,
    vaults: Arc<dyn VaultCloud>,
    params: Arc<HoldParams>,
}

impl World {
    async fn target(&self, ctx: &StepCtx) -> Result<Target, StepError> {
        let request = &self.params.request;
        run_target(
            self.accounts.as_ref(),
            &request.account,
            &request.region,
            ctx.run_id(),
            &ctx.source_identity(),
            session_policy(request).fitted(),
        )
        .await
    }

    /// The hold's status; none when there is no such hold, or not any more.
    async fn status(&self, target: &Target, id: &str) -> Result<Option<String>, StepError> {
        let hold = self.vaults.hold(target, id).await;
        Ok(hold
            .map_err(|error| step_error(&error))?
            .map(|hold| hold.status))
    }
}

struct Create {
    world: World,
    new: NewHold,
}

#[async_trait]
impl Step for Create {
    fn name(&self) -> &'static str {
        CREATE
    }

    fn title(&self) -> String {
        format!("Make the legal hold \u{201c}{}\u{201d}", self.new.title)
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.world.target(ctx).await?;
        let id = self
            .world
            .vaults
            .create_hold(&target, &self.new, &ctx.token())
            .await
            .map_err(|error| step_error(&error))?;
        StepOutcome::done_with(json!({ "hold": id }))
    }

    /// A hold that was made stays until somebody releases it with a reason.
    fn seals(&self) -> bool {
        true
    }
}

struct WaitActive(World);

#[async_trait]
impl Step for WaitActive {
    fn name(&self) -> &'static str {
        "wait-for-legal-hold"
    }

    fn title(&self) -> String {
        "Wait until it is in force".to_owned()
    }

    fn only_looks(&self) -> bool {
        true
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let output: Value = ctx.output(CREATE)?;
        let id = output["hold"]
            .as_str()
            .ok_or_else(|| StepError::permanent("the legal hold's id is missing"))?;
        let target = self.0.target(ctx).await?;
        match self.0.status(&target, id).await?.as_deref() {
            Some("CREATING") => Ok(StepOutcome::wait(
                next_look(ctx.now(), ctx.began_at()),
                format!("Legal hold {id} is CREATING"),
            )
            .into()),
            Some("ACTIVE") => StepOutcome::done_with(json!({ "hold": id })),
            other => Err(StepError::permanent(format!(
                "legal hold {id} is {}: somebody else released it",
                other.unwrap_or("gone")
            ))),
        }
    }
}

struct Release {
    world: World,
    release: HoldRelease,
}

#[async_trait]
impl Step for Release {
    fn name(&self) -> &'static str {
        "release-legal-hold"
    }

    fn title(&self) -> String {
        format!("Release the legal hold {}", self.release.hold)
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let id = &self.release.hold;
        let target = self.world.target(ctx).await?;
        let mut status = self.world.status(&target, id).await?;
        if status.as_deref() == Some("ACTIVE") {
            self.world
                .vaults
                .cancel_hold(&target, &self.release, &self.world.params.why)
                .await
                .map_err(|error| step_error(&error))?;
            status = self.world.status(&target, id).await?;
        }
        match status.as_deref() {
            None | Some("CANCELED") => Ok(StepOutcome::done()),
            Some(status) => Ok(StepOutcome::wait(
                next_look(ctx.now(), ctx.began_at()),
                format!("Legal hold {id} is {status}"),
            )
            .into()),
        }
    }

    fn seals(&self) -> bool {
        true
    }
}
