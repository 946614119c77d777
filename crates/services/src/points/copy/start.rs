use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde::{Deserialize, Serialize};
use tidemark_domain::{
    Check, Invalid, Scope, Verdict,
    change::{ItemState, RunItem},
    copies::{CopyPlan, CopyProblem, CopyRequest},
    runs::{RunId, RunLabels},
};
use uuid::Uuid;

use super::{
    plan::{Planned, make},
    policy::{service_role, session_policy},
    run::{COPY_POINTS_KIND, CopyPointsParams, CopyScope},
};
use crate::{
    Caller, ServiceError, Services, accounts, calls,
    points::change::{list_of, patterns},
    runs::Start,
};

/// In so many accounts and Regions the session policies may name each point.
const FEW_SCOPES: usize = 20;

/// What a person confirms about the plan that they were shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CopyConfirmed {
    /// Digest of the plan.
    pub digest: String,
    /// Why, in the person's own words.
    pub reason: String,
    /// The same for a form that is sent twice; both give one run. Empty for none.
    pub token: String,
}

/// Starts the copies that were shown: the plan is made anew and must have the same digest.
pub async fn start(
    services: &Services,
    caller: &Caller,
    request: CopyRequest,
    confirmed: &CopyConfirmed,
) -> Result<RunId, ServiceError> {
    let begun = begin(services, caller, request, confirmed).await;
    let digest = &confirmed.digest;
    crate::runs::or_repeat(services, caller, COPY_POINTS_KIND, digest, begun).await
}

async fn begin(
    services: &Services,
    caller: &Caller,
    request: CopyRequest,
    confirmed: &CopyConfirmed,
) -> Result<RunId, ServiceError> {
    let (plan, planned) = make(services, caller, request, "point.copy").await?;
    let reason = check(&plan, confirmed)?;
    let list = list_of(caller, &plan.digest, &confirmed.token);
    let params = params(&plan, list, &planned);
    permitted(services, &params).await?;
    services
        .items
        .add(list, &items(&plan.request, &planned))
        .await?;
    crate::runs::start(
        services,
        caller,
        Start {
            kind: COPY_POINTS_KIND,
            targets: Vec::new(),
            action: "point.copy",
            subject: plan.request.destination.to_string(),
            digest: Some(plan.digest.clone()),
            detail: words(&plan),
            labels: labels(&plan),
            reason,
            params,
        },
    )
    .await
}

fn check(plan: &CopyPlan, confirmed: &CopyConfirmed) -> Result<String, ServiceError> {
    if plan.digest != confirmed.digest {
        return Err(ServiceError::Conflict(
            "what would be done has changed since it was shown; look at the plan again".to_owned(),
        ));
    }
    if plan.points == 0 {
        return Err(
            Invalid::new("selection", "must hold a recovery point that can be copied").into(),
        );
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
async fn permitted(services: &Services, params: &CopyPointsParams) -> Result<(), ServiceError> {
    let asked: Vec<Vec<Check>> = stream::iter(params.scopes.clone())
        .map(|of| async move {
            let policy = session_policy(&of.scope, &of.service_role, &of.resources);
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

/// Every point of the selection, also those that are left, so that the run's list tells of all.
fn items(request: &CopyRequest, planned: &[Planned]) -> Vec<RunItem> {
    (0..)
        .zip(planned)
        .map(|(number, planned)| {
            let point = &planned.point;
            let why: Vec<String> = planned.problems.iter().map(CopyProblem::words).collect();
            RunItem {
                number,
                account: point.account.clone(),
                region: point.region.clone(),
                vault: point.vault.clone().unwrap_or_default(),
                point: point.arn.clone(),
                resource: point.resource_arn.clone(),
                created_at: point.created_at,
                size_bytes: point.size_bytes,
                lifecycle: request.lifecycle.unwrap_or_default(),
                state: if planned.copied {
                    ItemState::Pending
                } else {
                    ItemState::Left
                },
                message: (!planned.copied).then(|| why.join(" ")),
                request_id: None,
                at: None,
                job: None,
                made: None,
                attempt: 0,
            }
        })
        .collect()
}

fn params(plan: &CopyPlan, list: Uuid, planned: &[Planned]) -> CopyPointsParams {
    let mut scopes: Vec<Scope> = plan
        .sources
        .iter()
        .map(|source| Scope {
            account: source.account.clone(),
            region: source.region.clone(),
        })
        .collect();
    scopes.dedup();
    let few = scopes.len() <= FEW_SCOPES;
    let scopes = scopes
        .into_iter()
        .map(|scope| {
            let arns = planned
                .iter()
                .filter(|planned| planned.copied)
                .map(|planned| &planned.point)
                .filter(|point| point.account == scope.account && point.region == scope.region)
                .map(|point| &point.arn);
            CopyScope {
                resources: patterns(arns, few),
                service_role: service_role(&scope, plan.request.service_role.as_deref()),
                scope: scope.clone(),
            }
        })
        .collect();
    CopyPointsParams {
        destination: plan.request.destination.clone(),
        lifecycle: plan.request.lifecycle,
        list,
        points: plan.points,
        digest: plan.digest.clone(),
        scopes,
    }
}

fn labels(plan: &CopyPlan) -> RunLabels {
    let first = plan.sources.first();
    let one_account = plan
        .sources
        .iter()
        .all(|source| Some(&source.account) == first.map(|first| &first.account));
    let one_region = plan
        .sources
        .iter()
        .all(|source| Some(&source.region) == first.map(|first| &first.region));
    RunLabels {
        account: first
            .filter(|_| one_account)
            .map(|source| source.account.to_string()),
        region: first
            .filter(|_| one_region)
            .map(|source| source.region.to_string()),
        resource: None,
    }
}

/// The plan in a sentence, for the audit log.
fn words(plan: &CopyPlan) -> String {
    let to = &plan.destination;
    let doubtful = if plan.doubtful > 0 {
        format!(
            ", {} of them although AWS is expected to refuse",
            plan.doubtful
        )
    } else {
        String::new()
    };
    format!(
        "Copy {} recovery points{doubtful} into vault {} of {} ({}), {} left.",
        plan.points, to.vault, to.account, to.region, plan.left
    )
}
