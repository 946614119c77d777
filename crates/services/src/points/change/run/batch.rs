use std::collections::HashMap;

use futures::{StreamExt as _, stream};
use tidemark_domain::{
    AccountId, Scope,
    change::{ItemState, PointAction, RunItem},
    runs::{RunId, StepError},
};
use tidemark_runs::StepCtx;
use tokio::sync::Semaphore;

use super::{ChangeParams, Ports};
use crate::{
    points::change::policy::session_policy,
    ports::{CloudError, CloudErrorKind, Target},
    runs::run_target,
};

/// Calls at once in one account.
const PER_ACCOUNT: usize = 5;
/// Calls at once overall.
const OVERALL: usize = 20;

/// What AWS said of one point.
pub(super) enum Answer {
    /// It has come to an end.
    Ended {
        state: ItemState,
        message: Option<String>,
        request_id: Option<String>,
    },
    /// It has to be asked again later.
    Later {
        /// It is certain that the call had no effect.
        known: bool,
        message: String,
    },
}

/// Asks AWS for the points of a batch, side by side within the caps.
pub(super) struct Batch<'a> {
    run: RunId,
    creator: String,
    ports: &'a Ports,
    params: &'a ChangeParams,
}

impl<'a> Batch<'a> {
    pub(super) fn of(ctx: &StepCtx, ports: &'a Ports, params: &'a ChangeParams) -> Self {
        Self {
            run: ctx.run_id(),
            creator: ctx.source_identity(),
            ports,
            params,
        }
    }

    /// The answers, by the items' numbers. The items are as they were before they were asked for.
    pub(super) async fn ask(&self, items: Vec<RunItem>) -> Result<Vec<(u32, Answer)>, StepError> {
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
                    Some(target) => self.one(target, &item).await,
                    None => Answer::Ended {
                        state: ItemState::Failed,
                        message: Some(format!("account {} is no longer registered", item.account)),
                        request_id: None,
                    },
                };
                (item.number, answer)
            })
            .buffer_unordered(OVERALL)
            .collect()
            .await)
    }

    /// The credentials for each account and Region of the batch; accounts that are no longer
    /// registered have none.
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
                session_policy(&scope, &self.params.action, &known.resources).fitted(),
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

    async fn one(&self, target: &Target, item: &RunItem) -> Answer {
        let cloud = &self.ports.cloud;
        let result = match self.params.action {
            PointAction::Delete => cloud.delete_point(target, &item.vault, &item.point).await,
            PointAction::ChangeLifecycle { .. } => {
                cloud
                    .update_lifecycle(target, &item.vault, &item.point, item.lifecycle)
                    .await
            }
        };
        match result {
            Ok(()) => ended(ItemState::Done, None, None),
            Err(error) => judge(&error, &self.params.action, item),
        }
    }
}

/// What a failed call means for a point.
fn judge(error: &CloudError, action: &PointAction, item: &RunItem) -> Answer {
    use CloudErrorKind as K;
    let deletes = *action == PointAction::Delete;
    let asked_before = item.state == ItemState::Asked;
    let refused = |state, why: String| ended(state, Some(why), error.request_id.clone());
    match error.kind {
        K::NotFound if deletes && asked_before => ended(
            ItemState::Done,
            Some("Asked for twice, since the first answer was lost: it is gone.".to_owned()),
            None,
        ),
        K::NotFound => refused(
            ItemState::Left,
            format!(
                "It was gone already when AWS was asked: its retention ended, or somebody deleted it. {}",
                error.message
            ),
        ),
        K::Conflict if deletes && asked_before => ended(
            ItemState::Done,
            Some(format!("AWS is deleting it already: {}", error.message)),
            None,
        ),
        K::Throttled => Answer::Later {
            known: !asked_before,
            message: error.to_string(),
        },
        K::Unavailable | K::Timeout | K::Unexpected => Answer::Later {
            known: false,
            message: error.to_string(),
        },
        K::Conflict | K::Invalid => {
            refused(ItemState::Left, format!("AWS refuses: {}", error.message))
        }
        K::Denied | K::LimitExceeded => refused(ItemState::Failed, error.to_string()),
    }
}

fn ended(state: ItemState, message: Option<String>, request_id: Option<String>) -> Answer {
    Answer::Ended {
        state,
        message,
        request_id,
    }
}

pub(super) fn scope_of(item: &RunItem) -> Scope {
    Scope {
        account: item.account.clone(),
        region: item.region.clone(),
    }
}
