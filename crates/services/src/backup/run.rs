use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tidemark_domain::{
    AccountId, BackupRequest, Region, Scope,
    runs::{NoteLevel, RunView, StepError},
};
use tidemark_runs::{ParamsError, RunKind, Step, StepCtx, StepOutcome, parse_params};

use super::policy::session_policy;
use crate::{
    ports::{AccountStore, BackupStart, Cloud, CloudError, CloudErrorKind, Target},
    runs::{Refresh, may_pass, next_look, percent, run_target, step_error},
    sync::SyncQueue,
};

/// The kind's name in the run store.
pub const BACKUP_KIND: &str = "backup";

const START: &str = "start-backup-job";
const WAIT: &str = "wait-for-backup-job";

/// The parameters of an on-demand backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BackupParams {
    /// Account of the resource.
    pub(crate) account: AccountId,
    /// Region of the resource.
    pub(crate) region: Region,
    /// As asked for.
    pub(crate) request: BackupRequest,
}

/// The run kind *back up a resource now*.
pub struct BackupRun {
    accounts: Arc<dyn AccountStore>,
    cloud: Arc<dyn Cloud>,
    sync: SyncQueue,
}

impl BackupRun {
    /// The kind over its ports.
    pub fn new(accounts: Arc<dyn AccountStore>, cloud: Arc<dyn Cloud>, sync: SyncQueue) -> Self {
        Self {
            accounts,
            cloud,
            sync,
        }
    }
}

impl RunKind for BackupRun {
    fn name(&self) -> &'static str {
        BACKUP_KIND
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let params: BackupParams = parse_params(params)?;
        let world = || World {
            accounts: Arc::clone(&self.accounts),
            cloud: Arc::clone(&self.cloud),
            params: params.clone(),
        };
        Ok(vec![
            Box::new(StartJob(world())),
            Box::new(WaitJob(world())),
            Box::new(Refresh::of(
                self.sync.clone(),
                Scope {
                    account: params.account.clone(),
                    region: params.region.clone(),
                },
            )),
        ])
    }

    fn summary(&self, view: &RunView) -> Value {
        let point = view
            .step(WAIT)
            .map_or(Value::Null, |step| step.output["created"].clone());
        json!({ "created": point })
    }
}

struct World {
    accounts: Arc<dyn AccountStore>,
    cloud: Arc<dyn Cloud>,
    params: BackupParams,
}

impl World {
    async fn target(&self, ctx: &StepCtx) -> Result<Target, StepError> {
        run_target(
            self.accounts.as_ref(),
            &self.params.account,
            &self.params.region,
            ctx.run_id(),
            &ctx.source_identity(),
            session_policy(&self.params).fitted(),
        )
        .await
    }
}

struct StartJob(World);

#[async_trait]
impl Step for StartJob {
    fn name(&self) -> &'static str {
        START
    }

    fn title(&self) -> String {
        format!(
            "Start the backup into vault {}",
            self.0.params.request.vault
        )
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.0.target(ctx).await?;
        let job = self.start(ctx, &target).await.map_err(|e| step_error(&e))?;
        StepOutcome::done_with(json!({ "job": job }))
    }

    fn can_undo(&self) -> bool {
        true
    }

    /// Stops a job that is still under way; a point that is complete stays.
    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.0.target(ctx).await?;
        let Some(job) = self.job_to_stop(ctx, &target).await? else {
            return Ok(StepOutcome::done());
        };
        let state = self
            .0
            .cloud
            .backup_job(&target, &job)
            .await
            .map_err(|e| step_error(&e))?;
        if !matches!(state.status.as_str(), "CREATED" | "PENDING" | "RUNNING") {
            return Ok(StepOutcome::done());
        }
        match self.0.cloud.stop_backup(&target, &job).await {
            Ok(()) => Ok(StepOutcome::done()),
            // RDS, Aurora, DocumentDB, FSx, Neptune and SAP HANA offer no stop.
            Err(error) if error.kind == CloudErrorKind::Invalid => {
                ctx.note(
                    NoteLevel::Warning,
                    format!("AWS Backup cannot stop job {job}: {error}. The job goes on."),
                );
                Ok(StepOutcome::done())
            }
            Err(error) => Err(step_error(&error)),
        }
    }
}

impl StartJob {
    async fn start(&self, ctx: &StepCtx, target: &Target) -> Result<String, CloudError> {
        let request = self.0.params.request.clone();
        let start = BackupStart {
            service_role: request.service_role.clone().unwrap_or_default(),
            token: ctx.token(),
            request,
        };
        self.0.cloud.start_backup(target, &start).await
    }

    /// The job that this step started. When its answer was lost, the same call with the same token
    /// names the same job. What AWS refuses now, it may have taken before.
    async fn job_to_stop(
        &self,
        ctx: &StepCtx,
        target: &Target,
    ) -> Result<Option<String>, StepError> {
        if let Some(output) = ctx.find_output::<Value>(START)? {
            return Ok(output["job"].as_str().map(str::to_owned));
        }
        match self.start(ctx, target).await {
            Ok(job) => Ok(Some(job)),
            Err(error) if may_pass(&error) => Err(step_error(&error)),
            Err(_) if ctx.was_refused() => Ok(None),
            Err(error) => {
                let resource = &self.0.params.request.resource;
                Err(job_may_go_on(&format!("{resource} ({error})")))
            }
        }
    }
}

/// A backup job may be under way, and nobody can say which: the answer to its start was lost, and AWS Backup refuses
/// to say it again.
pub(crate) fn job_may_go_on(of: &str) -> StepError {
    StepError::permanent(format!(
        "AWS Backup may have started a backup job whose id was lost with the answer, and refuses the same call now, so \
         the job cannot be stopped from here: {of}"
    ))
    .with_guidance(
        "Look in AWS Backup's backup jobs for one of this resource at this time, and stop it if nobody needs it.",
    )
}

struct WaitJob(World);

#[async_trait]
impl Step for WaitJob {
    fn name(&self) -> &'static str {
        WAIT
    }

    fn title(&self) -> String {
        "Wait for AWS Backup".to_owned()
    }

    fn only_looks(&self) -> bool {
        true
    }

    /// What the job has made stays, whatever comes after.
    fn seals(&self) -> bool {
        true
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let output: Value = ctx.output(START)?;
        let job = output["job"]
            .as_str()
            .ok_or_else(|| StepError::permanent("the backup job's id is missing"))?;
        let target = self.0.target(ctx).await?;
        let state = self
            .0
            .cloud
            .backup_job(&target, job)
            .await
            .map_err(|e| step_error(&e))?;
        let message = state.message.unwrap_or_default();
        match state.status.as_str() {
            "COMPLETED" => StepOutcome::done_with(json!({
                "job": job, "created": state.recovery_point, "bytes": state.bytes,
            })),
            "PARTIAL" | "FAILED" | "ABORTED" | "EXPIRED" => Err(StepError::permanent(format!(
                "backup job {job} ended {}: {message}",
                state.status
            ))
            .with_guidance("The message is AWS Backup's own. Fix the cause, then retry the run.")),
            status => {
                let mut wait = StepOutcome::wait(
                    next_look(ctx.now(), ctx.began_at()),
                    format!("Backup job {job} is {status}"),
                );
                if let Some(done) = percent(state.percent) {
                    wait = wait.percent(done);
                }
                Ok(wait.into())
            }
        }
    }
}
