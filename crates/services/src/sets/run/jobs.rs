use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use futures::future::join_all;
use serde_json::json;
use tidemark_domain::{
    Scope,
    runs::{NoteLevel, StepError},
};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{How, MemberResult, MemberWork, START, SetBackupParams, WAIT, session_policy};
use crate::{
    backup::job_may_go_on,
    ports::{AccountStore, BackupStart, Cloud, CloudError, CloudErrorKind, Target},
    runs::{may_pass, next_look, run_target, step_error},
};

/// Calls at the same time.
const AT_ONCE: usize = 8;

/// The members of the run and how their jobs are reached.
pub(super) struct Jobs {
    pub(super) accounts: Arc<dyn AccountStore>,
    pub(super) cloud: Arc<dyn Cloud>,
    pub(super) params: Arc<SetBackupParams>,
}

impl Jobs {
    async fn targets(&self, ctx: &StepCtx) -> Result<HashMap<Scope, Target>, StepError> {
        let mut targets = HashMap::new();
        for scope in super::scopes(&self.params) {
            let target = run_target(
                self.accounts.as_ref(),
                &scope.account,
                &scope.region,
                ctx.run_id(),
                &ctx.source_identity(),
                session_policy(&self.params, &scope).fitted(),
            )
            .await?;
            targets.insert(scope, target);
        }
        Ok(targets)
    }

    async fn start(
        &self,
        ctx: &StepCtx,
        target: &Target,
        member: &MemberWork,
    ) -> Option<Result<String, CloudError>> {
        let request = member.request()?;
        let start = BackupStart {
            service_role: request.service_role.clone().unwrap_or_default(),
            // As the step that starts has it, also in an undo.
            token: ctx.token_for(&member.name),
            request: request.clone(),
        };
        Some(self.cloud.start_backup(target, &start).await)
    }

    async fn started(
        &self,
        ctx: &StepCtx,
        targets: &HashMap<Scope, Target>,
        member: &MemberWork,
    ) -> Result<MemberResult, StepError> {
        let result = |job, status: &str, message| MemberResult {
            member: member.name.clone(),
            job,
            status: status.to_owned(),
            message,
            point: None,
            made: None,
        };
        if let How::Own { why } = &member.how {
            return Ok(result(None, "LEFT", Some(why.clone())));
        }
        let target = target_of(targets, member)?;
        match self.start(ctx, target, member).await {
            Some(Ok(job)) => Ok(result(Some(job), "CREATED", None)),
            Some(Err(error)) if may_pass(&error) => Err(step_error(&error)),
            Some(Err(error)) => {
                ctx.note(NoteLevel::Warning, format!("{}: {error}", member.name));
                Ok(result(None, "NOT STARTED", Some(error.to_string())))
            }
            None => Ok(result(None, "LEFT", None)),
        }
    }
}

fn target_of<'a>(
    targets: &'a HashMap<Scope, Target>,
    member: &MemberWork,
) -> Result<&'a Target, StepError> {
    targets
        .get(&member.scope())
        .ok_or_else(|| StepError::permanent(format!("{} has no account to go to", member.name)))
}

/// Starts a job for each member. One that AWS refuses does not stop the others.
pub(super) struct StartJobs(pub(super) Jobs);

#[async_trait]
impl Step for StartJobs {
    fn name(&self) -> &'static str {
        START
    }

    fn title(&self) -> String {
        let count = self
            .0
            .params
            .members
            .iter()
            .filter(|member| member.request().is_some())
            .count();
        format!("Start {count} backup jobs")
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        ctx.check_cancelled()?;
        let targets = self.0.targets(ctx).await?;
        // All are asked for before the first failure counts: a second try starts none anew.
        let mut results = Vec::with_capacity(self.0.params.members.len());
        for members in self.0.params.members.chunks(AT_ONCE) {
            let started = members
                .iter()
                .map(|member| self.0.started(ctx, &targets, member));
            results.extend(join_all(started).await);
        }
        let results = results.into_iter().collect::<Result<Vec<_>, _>>()?;
        StepOutcome::done_with(results)
    }

    fn can_undo(&self) -> bool {
        true
    }

    /// Stops jobs that are still under way; points that are complete stay.
    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let targets = self.0.targets(ctx).await?;
        let known: Option<Vec<MemberResult>> = ctx.find_output(START)?;
        let mut unsure = Vec::new();
        for member in &self.0.params.members {
            let of_member = known
                .as_ref()
                .and_then(|known| known.iter().find(|one| one.member == member.name));
            let Ok(target) = target_of(&targets, member) else {
                continue;
            };
            let job = match of_member {
                Some(one) => one.job.clone(),
                // When its answer was lost, the same call with the same token names the same job; what AWS refuses
                // now, it may have taken before.
                None => match self.0.start(ctx, target, member).await {
                    Some(Ok(job)) => Some(job),
                    Some(Err(error)) if may_pass(&error) => return Err(step_error(&error)),
                    Some(Err(error)) => {
                        if !ctx.was_refused() {
                            unsure.push(format!("{} ({error})", member.name));
                        }
                        None
                    }
                    None => None,
                },
            };
            if let Some(job) = job {
                self.stop(ctx, target, member, &job).await?;
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
    async fn stop(
        &self,
        ctx: &StepCtx,
        target: &Target,
        member: &MemberWork,
        job: &str,
    ) -> Result<(), StepError> {
        let state = self
            .0
            .cloud
            .backup_job(target, job)
            .await
            .map_err(|e| step_error(&e))?;
        if !under_way(&state.status) {
            return Ok(());
        }
        match self.0.cloud.stop_backup(target, job).await {
            Ok(()) => Ok(()),
            // RDS, Aurora, DocumentDB, FSx, Neptune and SAP HANA offer no stop.
            Err(error) if error.kind == CloudErrorKind::Invalid => {
                ctx.note(
                    NoteLevel::Warning,
                    format!(
                        "{}: AWS Backup cannot stop job {job}: {error}. The job goes on.",
                        member.name
                    ),
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

fn is_open(one: &MemberResult) -> bool {
    under_way(&one.status) || one.status == "ABORTING"
}

/// Waits until every job has ended.
pub(super) struct WaitJobs(pub(super) Jobs);

#[async_trait]
impl Step for WaitJobs {
    fn name(&self) -> &'static str {
        WAIT
    }

    fn title(&self) -> String {
        "Wait for AWS Backup".to_owned()
    }

    fn only_looks(&self) -> bool {
        true
    }

    /// Points that are complete stay.
    fn seals(&self) -> bool {
        true
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let mut results: Vec<MemberResult> = match ctx.memo()? {
            Some(memo) => memo,
            None => ctx.output(START)?,
        };
        let targets = self.0.targets(ctx).await?;
        for one in &mut results {
            let member = self
                .0
                .params
                .members
                .iter()
                .find(|member| member.name == one.member);
            let (Some(member), Some(job), true) = (member, one.job.clone(), is_open(one)) else {
                continue;
            };
            let target = target_of(&targets, member)?;
            let state = self
                .0
                .cloud
                .backup_job(target, &job)
                .await
                .map_err(|e| step_error(&e))?;
            one.status = state.status;
            one.message = state.message;
            one.point = state.recovery_point;
        }
        let open = results.iter().filter(|one| is_open(one)).count();
        if open == 0 {
            return StepOutcome::done_with(results);
        }
        let done = results.len() - open;
        let percent = u8::try_from(100 * done / results.len().max(1)).unwrap_or(100);
        let message = format!("{done} of {} members are done", results.len());
        Ok(
            StepOutcome::wait(next_look(ctx.now(), ctx.began_at()), message)
                .percent(percent)
                .memo(json!(results))
                .into(),
        )
    }
}
