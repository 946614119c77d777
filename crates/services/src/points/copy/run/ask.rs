use std::collections::HashMap;

use futures::{StreamExt as _, stream};
use tidemark_domain::{
    AccountId, Arn, Scope,
    change::{ItemState, RunItem},
    runs::{RunId, StepError},
};
use tidemark_runs::StepCtx;
use tokio::sync::Semaphore;

use super::{CopyPointsParams, Ports, end};
use crate::{
    points::copy::policy::session_policy,
    ports::{CloudError, CloudErrorKind, CopyStart, Target},
    runs::run_target,
};

/// Calls at once in one account.
const PER_ACCOUNT: usize = 5;
/// Calls at once overall.
const OVERALL: usize = 20;

/// What AWS said of one point.
pub(super) enum Answer {
    /// Its copy job is named.
    Named { job: String },
    /// It has come to an end.
    Ended {
        state: ItemState,
        message: Option<String>,
        request_id: Option<String>,
        made: Option<Arn>,
    },
    /// Its copy job is under way.
    UnderWay,
    /// It has to be asked again later.
    Later {
        /// It is certain that the call had no effect.
        known: bool,
        message: String,
    },
}

/// What AWS is asked for.
#[derive(Clone, Copy)]
enum What {
    Start,
    Look,
}

/// Asks AWS for the points of a batch, side by side within the caps.
pub(super) struct Asker<'a> {
    run: RunId,
    creator: String,
    ports: &'a Ports,
    params: &'a CopyPointsParams,
}

impl<'a> Asker<'a> {
    pub(super) fn of(ctx: &StepCtx, ports: &'a Ports, params: &'a CopyPointsParams) -> Self {
        Self {
            run: ctx.run_id(),
            creator: ctx.source_identity(),
            ports,
            params,
        }
    }

    /// Starts the copy jobs of a batch. The items are as they were before they were asked for.
    pub(super) async fn start(&self, items: Vec<RunItem>) -> Result<Vec<(u32, Answer)>, StepError> {
        self.each(What::Start, items).await
    }

    /// Looks at the copy jobs of a batch.
    pub(super) async fn look(&self, items: Vec<RunItem>) -> Result<Vec<(u32, Answer)>, StepError> {
        self.each(What::Look, items).await
    }

    async fn one(&self, what: What, target: &Target, item: &RunItem) -> Answer {
        let destination = &self.params.destination;
        match what {
            What::Start => {
                let start = self.wish(item);
                match self.ports.cloud.start_copy(target, &start).await {
                    Ok(job) => Answer::Named { job },
                    Err(error) => end::refused(item, &error, destination),
                }
            }
            What::Look => {
                let job = item.job.as_deref().unwrap_or_default();
                match self.ports.cloud.copy_job(target, job).await {
                    Ok(state) => end::ended(item, &state, destination).unwrap_or(Answer::UnderWay),
                    Err(error) => unseen(job, &error),
                }
            }
        }
    }

    /// The copy of a point. The token is the same until the copy has failed and is tried again, so that a call whose answer
    /// was lost names the same job.
    fn wish(&self, item: &RunItem) -> CopyStart {
        let role = self
            .params
            .scopes
            .iter()
            .find(|of| of.scope == scope_of(item))
            .map(|of| of.service_role.clone());
        CopyStart {
            point: item.point.clone(),
            vault: item.vault.clone(),
            destination: self.params.destination.clone(),
            lifecycle: self.params.lifecycle,
            service_role: role.unwrap_or_default(),
            token: format!("{}-{}-{}", self.params.list, item.number, item.attempt),
        }
    }

    async fn each(&self, what: What, items: Vec<RunItem>) -> Result<Vec<(u32, Answer)>, StepError> {
        let targets = self.targets(&items).await?;
        let mut places: HashMap<AccountId, Semaphore> = HashMap::new();
        for item in &items {
            places
                .entry(item.account.clone())
                .or_insert_with(|| Semaphore::new(PER_ACCOUNT));
        }
        let (targets, places) = (&targets, &places);
        Ok(stream::iter(items)
            .map(|item| async move {
                let _place = match places.get(&item.account) {
                    Some(places) => places.acquire().await.ok(),
                    None => None,
                };
                let answer = match targets.get(&scope_of(&item)) {
                    Some(target) => self.one(what, target, &item).await,
                    None => Answer::Ended {
                        state: ItemState::Failed,
                        message: Some(format!("account {} is no longer registered", item.account)),
                        request_id: None,
                        made: None,
                    },
                };
                (item.number, answer)
            })
            .buffer_unordered(OVERALL)
            .collect()
            .await)
    }

    /// The credentials for each account and Region of the batch; accounts that are no longer registered have none.
    async fn targets(&self, items: &[RunItem]) -> Result<HashMap<Scope, Target>, StepError> {
        let mut targets = HashMap::new();
        for item in items {
            let scope = scope_of(item);
            if targets.contains_key(&scope) {
                continue;
            }
            let Some(known) = self.params.scopes.iter().find(|s| s.scope == scope) else {
                continue;
            };
            let target = run_target(
                self.ports.accounts.as_ref(),
                &scope.account,
                &scope.region,
                self.run,
                &self.creator,
                session_policy(&scope, &known.service_role, &known.resources).fitted(),
            )
            .await;
            match target {
                Ok(target) => {
                    targets.insert(scope, target);
                }
                Err(error) if error.is_retryable() => return Err(error),
                Err(_) => {}
            }
        }
        Ok(targets)
    }
}

/// What it means that a copy job cannot be looked at: that AWS has forgotten it, or that it has to be looked at later.
fn unseen(job: &str, error: &CloudError) -> Answer {
    if error.kind == CloudErrorKind::NotFound {
        return Answer::Ended {
            state: ItemState::Failed,
            message: Some(format!(
                "AWS no longer knows copy job {job}, so nobody can say how it ended. Look in the destination vault before \
                 this is tried again."
            )),
            request_id: error.request_id.clone(),
            made: None,
        };
    }
    Answer::Later {
        known: false,
        message: error.to_string(),
    }
}

pub(super) fn scope_of(item: &RunItem) -> Scope {
    Scope {
        account: item.account.clone(),
        region: item.region.clone(),
    }
}
