use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tidemark_domain::{
    AccountId, Arn, Region, Scope,
    plan::BackupRule,
    runs::{NoteLevel, Outcome, RunView, StepError},
};
use tidemark_runs::{ParamsError, RunKind, Step, StepCtx, StepOutcome, parse_params};

use super::rule_run_policy;
use crate::{
    backup::job_may_go_on,
    ports::{AccountStore, Cloud, CloudError, CloudErrorKind, RuleBackupStart, Target},
    runs::{Refresh, may_pass, next_look, partly, run_target, step_error},
    sync::SyncQueue,
};

/// The kind's name in the run store.
pub const RULE_RUN_KIND: &str = "run-rule";

/// Jobs that one step starts or looks at.
const CHUNK: usize = 20;

/// The parameters of a run of a rule by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RuleRunParams {
    /// Account.
    pub(crate) account: AccountId,
    /// Region.
    pub(crate) region: Region,
    /// Name of the plan.
    pub(crate) plan: String,
    /// The rule as it was shown.
    pub(crate) rule: BackupRule,
    /// What is backed up, with the role that AWS Backup assumes.
    pub(crate) resources: Vec<(Arn, String)>,
}

impl RuleRunParams {
    pub(crate) fn scope(&self) -> Scope {
        Scope {
            account: self.account.clone(),
            region: self.region.clone(),
        }
    }
}

/// What became of one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Started {
    resource: Arn,
    job: Option<String>,
    status: String,
    message: Option<String>,
    point: Option<Arn>,
}

impl Started {
    fn of(ctx: &StepCtx, resource: &Arn, answer: Result<String, CloudError>) -> Self {
        let (job, status, message) = match answer {
            Ok(job) => (Some(job), "CREATED", None),
            Err(error) => {
                ctx.note(NoteLevel::Warning, format!("{resource}: {error}"));
                (None, "NOT STARTED", Some(error.to_string()))
            }
        };
        Self {
            resource: resource.clone(),
            job,
            status: status.to_owned(),
            message,
            point: None,
        }
    }
}

/// Whether what kept a job from being started may pass by itself.
fn passes(answer: &Result<String, CloudError>) -> bool {
    matches!(answer, Err(error) if may_pass(error))
}

/// The run kind *run a rule of a plan now*: a backup job per resource. One that fails does not stop
/// the others.
pub struct RuleRunRun {
    accounts: Arc<dyn AccountStore>,
    cloud: Arc<dyn Cloud>,
    sync: SyncQueue,
}

impl RuleRunRun {
    /// The kind over its ports.
    pub fn new(accounts: Arc<dyn AccountStore>, cloud: Arc<dyn Cloud>, sync: SyncQueue) -> Self {
        Self {
            accounts,
            cloud,
            sync,
        }
    }
}

impl RunKind for RuleRunRun {
    fn name(&self) -> &'static str {
        RULE_RUN_KIND
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let params: Arc<RuleRunParams> = Arc::new(parse_params(params)?);
        let chunks = params.resources.len().div_ceil(CHUNK);
        let part = |chunk: usize| Part {
            accounts: Arc::clone(&self.accounts),
            cloud: Arc::clone(&self.cloud),
            params: Arc::clone(&params),
            chunk,
        };
        let mut steps: Vec<Box<dyn Step>> = Vec::with_capacity(2 * chunks + 2);
        for chunk in 0..chunks {
            steps.push(Box::new(StartJobs {
                name: start_name(chunk),
                part: part(chunk),
            }));
        }
        for chunk in 0..chunks {
            steps.push(Box::new(WaitJobs {
                name: wait_name(chunk),
                part: part(chunk),
            }));
        }
        steps.push(Box::new(Report { chunks }));
        steps.push(Box::new(Refresh::of(self.sync.clone(), params.scope())));
        Ok(steps)
    }

    fn outcome(&self, view: &RunView, outcome: Outcome) -> Outcome {
        partly(view, REPORT, outcome)
    }

    /// The resources whose jobs were not completed.
    fn rest(&self, params: &Value, view: &RunView) -> Option<Value> {
        let mut params: RuleRunParams = parse_params(params).ok()?;
        let results = &view.step(REPORT)?.output["results"];
        let results = Vec::<Started>::deserialize(results).ok()?;
        params.resources.retain(|(resource, _)| {
            results
                .iter()
                .any(|one| one.resource == *resource && one.status != "COMPLETED")
        });
        if params.resources.is_empty() {
            return None;
        }
        serde_json::to_value(params).ok()
    }

    fn summary(&self, view: &RunView) -> Value {
        view.step(REPORT)
            .map_or(Value::Null, |step| step.output.clone())
    }
}

/// How long AWS may not answer for a resource before its backup counts as not started, where others wait for it.
const PATIENCE: SignedDuration = SignedDuration::from_mins(30);

fn start_name(chunk: usize) -> String {
    format!("start-jobs-{chunk}")
}

fn wait_name(chunk: usize) -> String {
    format!("wait-for-jobs-{chunk}")
}

/// The resources of one step.
struct Part {
    accounts: Arc<dyn AccountStore>,
    cloud: Arc<dyn Cloud>,
    params: Arc<RuleRunParams>,
    chunk: usize,
}

impl Part {
    fn resources(&self) -> &[(Arn, String)] {
        let all = &self.params.resources;
        let begin = self.chunk * CHUNK;
        &all[begin.min(all.len())..(begin + CHUNK).min(all.len())]
    }

    async fn target(&self, ctx: &StepCtx) -> Result<Target, StepError> {
        run_target(
            self.accounts.as_ref(),
            &self.params.account,
            &self.params.region,
            ctx.run_id(),
            &ctx.source_identity(),
            rule_run_policy(&self.params).fitted(),
        )
        .await
    }

    async fn start(
        &self,
        ctx: &StepCtx,
        target: &Target,
        resource: &Arn,
        role: &str,
    ) -> Result<String, CloudError> {
        let start = RuleBackupStart {
            resource: resource.clone(),
            rule: self.params.rule.clone(),
            service_role: role.to_owned(),
            token: ctx.token_for(resource.as_str()),
        };
        self.cloud.start_rule_backup(target, &start).await
    }
}

struct StartJobs {
    name: String,
    part: Part,
}

#[async_trait]
impl Step for StartJobs {
    fn name(&self) -> &str {
        &self.name
    }

    fn title(&self) -> String {
        format!(
            "Start {} backup jobs of rule {}",
            self.part.resources().len(),
            self.part.params.rule.rule_name
        )
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.part.target(ctx).await?;
        // One resource that AWS does not answer for must not keep the others waiting for ever.
        let patient = ctx.failing_for() < PATIENCE;
        let resources = self.part.resources();
        let mut answers = Vec::with_capacity(resources.len());
        for (resource, role) in resources {
            ctx.check_cancelled()?;
            match self.part.start(ctx, &target, resource, role).await {
                Err(error) if may_pass(&error) && patient => return Err(step_error(&error)),
                answer => answers.push(answer),
            }
        }
        // Trouble of the whole account passes for all of them, and may have passed meanwhile.
        let some_started = answers.iter().any(Result::is_ok);
        for ((resource, role), answer) in resources.iter().zip(&mut answers) {
            if !passes(answer) {
                continue;
            }
            *answer = self.part.start(ctx, &target, resource, role).await;
            if let Err(error) = answer
                && may_pass(error)
                && !some_started
            {
                return Err(step_error(error));
            }
        }
        let started = resources.iter().zip(answers);
        let started: Vec<Started> = started
            .map(|((resource, _), answer)| Started::of(ctx, resource, answer))
            .collect();
        StepOutcome::done_with(started)
    }

    fn can_undo(&self) -> bool {
        true
    }

    /// Stops jobs that are still under way; points that are complete stay.
    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.part.target(ctx).await?;
        let known: Option<Vec<Started>> = ctx.find_output(&self.name)?;
        let mut unsure = Vec::new();
        for (resource, role) in self.part.resources() {
            let of_resource = known
                .as_ref()
                .and_then(|known| known.iter().find(|one| one.resource == *resource));
            let job = match of_resource {
                Some(one) => one.job.clone(),
                // When its answer was lost, the same call with the same token names the same job.
                None => match self.part.start(ctx, &target, resource, role).await {
                    Ok(job) => Some(job),
                    Err(error) if may_pass(&error) => return Err(step_error(&error)),
                    // What AWS refuses now, it may have taken before.
                    Err(error) => {
                        if !ctx.was_refused() {
                            unsure.push(format!("{resource} ({error})"));
                        }
                        None
                    }
                },
            };
            if let Some(job) = job {
                self.stop(ctx, &target, &job).await?;
            }
        }
        if unsure.is_empty() {
            Ok(StepOutcome::done())
        } else {
            Err(job_may_go_on(&unsure.join(", ")))
        }
    }
}

impl StartJobs {
    async fn stop(&self, ctx: &StepCtx, target: &Target, job: &str) -> Result<(), StepError> {
        let cloud = &self.part.cloud;
        let state = cloud
            .backup_job(target, job)
            .await
            .map_err(|e| step_error(&e))?;
        if !under_way(&state.status) {
            return Ok(());
        }
        match cloud.stop_backup(target, job).await {
            Ok(()) => Ok(()),
            // RDS, Aurora, DocumentDB, FSx, Neptune and SAP HANA offer no stop.
            Err(error) if error.kind == CloudErrorKind::Invalid => {
                ctx.note(
                    NoteLevel::Warning,
                    format!("AWS Backup cannot stop job {job}: {error}. The job goes on."),
                );
                Ok(())
            }
            Err(error) => Err(step_error(&error)),
        }
    }
}

fn under_way(status: &str) -> bool {
    matches!(status, "CREATED" | "PENDING" | "RUNNING")
}

struct WaitJobs {
    name: String,
    part: Part,
}

#[async_trait]
impl Step for WaitJobs {
    fn name(&self) -> &str {
        &self.name
    }

    fn title(&self) -> String {
        format!("Wait for {} backup jobs", self.part.resources().len())
    }

    fn only_looks(&self) -> bool {
        true
    }

    /// Points that are complete stay, and so do jobs that AWS Backup carries to their end.
    fn seals(&self) -> bool {
        true
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let mut jobs: Vec<Started> = match ctx.memo()? {
            Some(memo) => memo,
            None => ctx.output(&start_name(self.part.chunk))?,
        };
        let target = self.part.target(ctx).await?;
        for one in &mut jobs {
            let Some(job) = one
                .job
                .clone()
                .filter(|_| under_way(&one.status) || one.status == "ABORTING")
            else {
                continue;
            };
            let state = self
                .part
                .cloud
                .backup_job(&target, &job)
                .await
                .map_err(|e| step_error(&e))?;
            one.status = state.status;
            one.message = state.message;
            one.point = state.recovery_point;
        }
        let open = jobs
            .iter()
            .filter(|one| under_way(&one.status) || one.status == "ABORTING")
            .count();
        if open == 0 {
            return StepOutcome::done_with(jobs);
        }
        let done = jobs.len() - open;
        let message = format!("{done} of {} jobs have ended", jobs.len());
        let percent = u8::try_from(100 * done / jobs.len().max(1)).unwrap_or(100);
        Ok(
            StepOutcome::wait(next_look(ctx.now(), ctx.began_at()), message)
                .percent(percent)
                .memo(json!(jobs))
                .into(),
        )
    }
}

const REPORT: &str = "report";

/// Counts what became of the jobs. When none was completed, the run has failed.
struct Report {
    chunks: usize,
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
        let mut results: Vec<Started> = Vec::new();
        for chunk in 0..self.chunks {
            results.extend(ctx.output::<Vec<Started>>(&wait_name(chunk))?);
        }
        let completed = results
            .iter()
            .filter(|one| one.status == "COMPLETED")
            .count();
        let failed = results.len() - completed;
        if completed == 0 {
            let first = results.first();
            return Err(StepError::permanent(format!(
                "none of {failed} backup jobs was completed; the first ended {}: {}",
                first.map_or("", |one| one.status.as_str()),
                first
                    .and_then(|one| one.message.as_deref())
                    .unwrap_or_default()
            ))
            .with_guidance("The message is AWS Backup's own. Fix the cause, then retry the run."));
        }
        StepOutcome::done_with(json!({
            "completed": completed,
            "failed": failed,
            "results": results,
        }))
    }
}
