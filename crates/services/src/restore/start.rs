use serde_json::Value;
use tidemark_domain::{
    RestorePlan, RestoreRequest,
    runs::{RunId, RunLabels},
};

use tidemark_runs::parse_params;

use super::{
    confirm::confirm,
    plan,
    run::{RESTORE_KIND, RestoreParams},
};
use crate::{Caller, ServiceError, Services, runs::Start};

/// Starts the restore that was shown: the plan is made anew and must have the same digest.
pub async fn start(
    services: &Services,
    caller: &Caller,
    request: RestoreRequest,
    digest: &str,
) -> Result<RunId, ServiceError> {
    let begun = begin(services, caller, request, digest).await;
    crate::runs::or_repeat(services, caller, RESTORE_KIND, digest, begun).await
}

async fn begin(
    services: &Services,
    caller: &Caller,
    request: RestoreRequest,
    digest: &str,
) -> Result<RunId, ServiceError> {
    let typed = request.confirmation.clone();
    let plan = plan(services, caller, request).await?;
    if plan.digest != digest {
        return Err(ServiceError::Conflict(
            "what the restore would do has changed since it was shown; look at the review again"
                .to_owned(),
        ));
    }
    confirm(services, caller, &plan, typed.as_deref()).await?;
    if !plan.can_start() {
        let failed = plan
            .checks
            .into_iter()
            .filter(|c| c.verdict == tidemark_domain::Verdict::Fail)
            .collect();
        return Err(ServiceError::Checks(failed));
    }
    let labels = RunLabels {
        account: Some(plan.account.to_string()),
        region: Some(plan.region.to_string()),
        resource: Some(plan.request.resource.to_string()),
    };
    crate::runs::start(
        services,
        caller,
        Start {
            kind: RESTORE_KIND,
            targets: targets(&plan),
            action: "restore.start",
            subject: plan.request.resource.to_string(),
            digest: Some(digest.to_owned()),
            detail: plan.summary.clone(),
            labels,
            reason: plan.request.reason.clone(),
            params: RestoreParams::whole(plan),
        },
    )
    .await
}

/// Starts the restore of a run that has ended anew: planned anew, and refused when it would do
/// something else than what was shown then.
pub(crate) async fn again(
    services: &Services,
    caller: &Caller,
    params: Value,
) -> Result<RunId, ServiceError> {
    let RestoreParams { plan, .. } = read(&params)?;
    start(services, caller, plan.request, &plan.digest).await
}

/// What only one unfinished run of these parameters may work on.
pub(crate) fn targets_of(params: &Value) -> Vec<String> {
    read(params).map_or_else(|_| Vec::new(), |params| targets(&params.plan))
}

fn read(params: &Value) -> Result<RestoreParams, ServiceError> {
    parse_params(params).map_err(|error| ServiceError::Internal(Box::new(error)))
}

/// What only one unfinished run may work on.
pub(crate) fn targets(plan: &RestorePlan) -> Vec<String> {
    let Some(destination) = &plan.destination else {
        return Vec::new();
    };
    let name = destination.name.as_ref();
    name.map(|name| {
        format!(
            "restore:{}:{}:{}:{name}",
            destination.resource_type, destination.account, destination.region
        )
    })
    .into_iter()
    .collect()
}
