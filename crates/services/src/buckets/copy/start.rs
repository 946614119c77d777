use tidemark_domain::{
    Verdict,
    buckets::{CopyPlan, CopyRequest, Existing},
    runs::{RunId, RunLabels},
};

use super::{
    plan::make,
    run::{COPY_KIND, CopyParams, target_of},
};
use crate::{Caller, ServiceError, Services, buckets::Confirmed, runs::Start};

/// Starts the copy that was shown: the plan is made anew and must have the same digest.
pub async fn copy(
    services: &Services,
    caller: &Caller,
    request: CopyRequest,
    confirmed: &Confirmed,
) -> Result<RunId, ServiceError> {
    let begun = begin(services, caller, request, confirmed).await;
    crate::runs::or_repeat(services, caller, COPY_KIND, &confirmed.digest, begun).await
}

async fn begin(
    services: &Services,
    caller: &Caller,
    request: CopyRequest,
    confirmed: &Confirmed,
) -> Result<RunId, ServiceError> {
    let planned_at = services.clock.now();
    let plan = make(services, caller, request, "bucket.copy").await?;
    if plan.digest != confirmed.digest {
        return Err(ServiceError::Conflict(
            "what would be copied has changed since it was shown; look at the plan again"
                .to_owned(),
        ));
    }
    let failed: Vec<_> = plan
        .checks
        .iter()
        .filter(|check| check.verdict == Verdict::Fail)
        .cloned()
        .collect();
    if !failed.is_empty() {
        return Err(ServiceError::Checks(failed));
    }
    let to = plan.request.to.clone();
    crate::runs::start(
        services,
        caller,
        Start {
            kind: COPY_KIND,
            targets: vec![target_of(&plan.request)],
            action: "bucket.copy",
            subject: to.arn(),
            digest: Some(plan.digest.clone()),
            detail: words(&plan),
            labels: RunLabels {
                account: Some(to.account.to_string()),
                region: Some(to.region.to_string()),
                resource: Some(to.arn()),
            },
            reason: confirmed.reason.trim().to_owned(),
            params: CopyParams {
                objects: plan.complete.then_some(plan.counts.objects),
                keeps_locks: plan.keeps_locks,
                digest: plan.digest,
                request: plan.request,
                planned_at,
            },
        },
    )
    .await
}

/// The plan in a sentence, for the audit log.
fn words(plan: &CopyPlan) -> String {
    let CopyRequest {
        from,
        prefix,
        to,
        to_prefix,
        existing,
    } = &plan.request;
    let more = if plan.complete { "" } else { " or more" };
    let others = match existing {
        Existing::Skip => "left as they are",
        Existing::Replace => "replaced",
    };
    format!(
        "Copy “{prefix}” of {from} to “{to_prefix}” of {to}: {} objects{more}, {} of them there already; {} others there are {others}.",
        plan.counts.objects,
        plan.counts.there,
        plan.counts.differ + plan.counts.unclear,
    )
}
