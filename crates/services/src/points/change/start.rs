use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tidemark_domain::{
    Check, Invalid, Scope, Verdict,
    change::{ChangePlan, ChangeRequest, ItemState, PointAction, RunItem},
    runs::{RunId, RunLabels},
};
use uuid::Uuid;

use super::{
    plan::{Planned, make},
    policy::{patterns, session_policy},
    run::{CHANGE_LIFECYCLE_KIND, ChangeParams, ChangeScope, DELETE_POINTS_KIND},
};
use crate::{Caller, ServiceError, Services, accounts, calls, runs::Start};

/// In so many accounts and Regions the session policies may name each point.
const FEW_SCOPES: usize = 20;

/// What a person confirms about the plan that they were shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Confirmed {
    /// Digest of the plan.
    pub digest: String,
    /// What had to be typed.
    pub confirmation: String,
    /// Why, in the person's own words.
    pub reason: String,
    /// The same for a form that is sent twice; both give one run. Empty for none.
    pub token: String,
}

/// Starts the change that was shown: the plan is made anew and must have the same digest.
pub async fn start(
    services: &Services,
    caller: &Caller,
    request: ChangeRequest,
    confirmed: &Confirmed,
) -> Result<RunId, ServiceError> {
    let kind = kind_of(request.action);
    let begun = begin(services, caller, request, confirmed).await;
    crate::runs::or_repeat(services, caller, kind, &confirmed.digest, begun).await
}

async fn begin(
    services: &Services,
    caller: &Caller,
    request: ChangeRequest,
    confirmed: &Confirmed,
) -> Result<RunId, ServiceError> {
    let (plan, planned) = make(services, caller, request, "point.change").await?;
    let reason = check(&plan, confirmed)?;
    let list = list_of(caller, &plan.digest, &confirmed.token);
    let params = params(&plan, list, &planned);
    permitted(services, &params).await?;
    let kind = kind_of(plan.request.action);
    services.items.add(list, &items(&planned)).await?;
    crate::runs::start(
        services,
        caller,
        Start {
            kind,
            targets: Vec::new(),
            action: "point.change",
            subject: kind.to_owned(),
            digest: Some(plan.digest.clone()),
            detail: words(&plan),
            labels: labels(&plan),
            reason,
            params,
        },
    )
    .await
}

const fn kind_of(action: PointAction) -> &'static str {
    match action {
        PointAction::Delete => DELETE_POINTS_KIND,
        PointAction::ChangeLifecycle { .. } => CHANGE_LIFECYCLE_KIND,
    }
}

fn check(plan: &ChangePlan, confirmed: &Confirmed) -> Result<String, ServiceError> {
    if plan.digest != confirmed.digest {
        return Err(ServiceError::Conflict(
            "what would be done has changed since it was shown; look at the plan again".to_owned(),
        ));
    }
    if plan.points == 0 {
        return Err(Invalid::new(
            "selection",
            "must hold a recovery point that can be changed",
        )
        .into());
    }
    if confirmed.confirmation.trim() != plan.confirmation {
        return Err(Invalid::new(
            "confirmation",
            format!("must be \u{201c}{}\u{201d}", plan.confirmation),
        )
        .into());
    }
    let reason = confirmed.reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Invalid::new("reason", "must be given, in at most 500 characters").into());
    }
    Ok(reason.to_owned())
}

/// Accounts and Regions that are asked side by side.
const AT_ONCE: usize = 8;

/// Refuses what STS would not take, or the role of one of the accounts may not do.
async fn permitted(services: &Services, params: &ChangeParams) -> Result<(), ServiceError> {
    let asked: Vec<Vec<Check>> = stream::iter(params.scopes.clone())
        .map(|of| async move {
            let policy = session_policy(&of.scope, &params.action, &of.resources);
            policy.fit()?;
            let account = accounts::find(services, &of.scope.account).await?;
            let target = accounts::reading(&account, &of.scope.region);
            Ok::<_, ServiceError>(calls::check(services, &target, &[&policy]).await)
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let failed: Vec<Check> = asked
        .into_iter()
        .flatten()
        .filter(|check| check.verdict == Verdict::Fail)
        .collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(ServiceError::Checks(failed))
    }
}

/// The list's id: the same for a form that is sent twice.
pub(crate) fn list_of(caller: &Caller, digest: &str, token: &str) -> Uuid {
    if token.is_empty() {
        return Uuid::new_v4();
    }
    let mut hash = Sha256::new();
    for part in [caller.name.as_str(), digest, token] {
        hash.update(part.as_bytes());
        hash.update(b"\n");
    }
    let digest = hash.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Every point of the selection, also those that are left, so that the run's list tells of all.
fn items(planned: &[Planned]) -> Vec<RunItem> {
    (0..)
        .zip(planned)
        .map(|(number, (point, verdict))| RunItem {
            number,
            account: point.account.clone(),
            region: point.region.clone(),
            vault: point.vault.clone().unwrap_or_default(),
            point: point.arn.clone(),
            resource: point.resource_arn.clone(),
            created_at: point.created_at,
            size_bytes: point.size_bytes,
            lifecycle: verdict.as_ref().copied().unwrap_or_default(),
            state: if verdict.is_ok() {
                ItemState::Pending
            } else {
                ItemState::Left
            },
            message: verdict.as_ref().err().map(|keep| keep.why().to_owned()),
            request_id: None,
            at: None,
            job: None,
            made: None,
            attempt: 0,
        })
        .collect()
}

fn params(plan: &ChangePlan, list: Uuid, planned: &[Planned]) -> ChangeParams {
    let mut scopes: Vec<Scope> = plan
        .targets
        .iter()
        .map(|target| Scope {
            account: target.account.clone(),
            region: target.region.clone(),
        })
        .collect();
    scopes.dedup();
    let few = scopes.len() <= FEW_SCOPES;
    let scopes = scopes
        .into_iter()
        .map(|scope| {
            let arns = planned
                .iter()
                .filter(|(point, verdict)| {
                    verdict.is_ok()
                        && point.account == scope.account
                        && point.region == scope.region
                })
                .map(|(point, _)| &point.arn);
            ChangeScope {
                resources: patterns(arns, few),
                scope: scope.clone(),
            }
        })
        .collect();
    ChangeParams {
        action: plan.request.action,
        list,
        points: plan.points,
        digest: plan.digest.clone(),
        scopes,
    }
}

fn labels(plan: &ChangePlan) -> RunLabels {
    let first = plan.targets.first();
    let one_account = plan
        .targets
        .iter()
        .all(|target| Some(&target.account) == first.map(|first| &first.account));
    let one_region = plan
        .targets
        .iter()
        .all(|target| Some(&target.region) == first.map(|first| &first.region));
    RunLabels {
        account: first
            .filter(|_| one_account)
            .map(|target| target.account.to_string()),
        region: first
            .filter(|_| one_region)
            .map(|target| target.region.to_string()),
        resource: None,
    }
}

/// The plan in a sentence, for the audit log.
fn words(plan: &ChangePlan) -> String {
    let what = match plan.request.action {
        PointAction::Delete => "Delete".to_owned(),
        PointAction::ChangeLifecycle {
            delete_after_days, ..
        } => match delete_after_days {
            Some(days) => format!("Keep for {days} days"),
            None => "Keep forever".to_owned(),
        },
    };
    let places: Vec<String> = plan
        .targets
        .iter()
        .take(10)
        .map(|target| {
            format!(
                "{} in {} of {} ({})",
                target.points, target.vault, target.account, target.region
            )
        })
        .collect();
    let more = plan.targets.len().saturating_sub(places.len());
    let more = if more > 0 {
        format!(" and {more} more vaults")
    } else {
        String::new()
    };
    format!(
        "{what}: {} recovery points, {} left: {}{more}.",
        plan.points,
        plan.left_points(),
        places.join(", ")
    )
}
