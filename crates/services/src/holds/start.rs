use serde::Deserialize;
use tidemark_domain::{
    Check, Invalid, Verdict,
    runs::{RunId, RunLabels},
    vaults::{HoldChange, HoldPlan, HoldRequest},
};

use super::{
    plan::make,
    run::{CHANGE_HOLD_KIND, HoldParams, target_of},
};
use crate::{Caller, ServiceError, Services, runs::Start};

/// What a person confirms about the plan that they were shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct HoldConfirmed {
    /// Digest of the plan.
    pub digest: String,
    /// Why, in the person's own words; of a release, AWS keeps it with the hold.
    pub reason: String,
}

/// Starts making or releasing the hold as it was shown.
pub async fn start(
    services: &Services,
    caller: &Caller,
    request: HoldRequest,
    confirmed: &HoldConfirmed,
) -> Result<RunId, ServiceError> {
    let begun = begin(services, caller, request, confirmed).await;
    crate::runs::or_repeat(services, caller, CHANGE_HOLD_KIND, &confirmed.digest, begun).await
}

async fn begin(
    services: &Services,
    caller: &Caller,
    request: HoldRequest,
    confirmed: &HoldConfirmed,
) -> Result<RunId, ServiceError> {
    let action = match &request.change {
        HoldChange::Create(_) => "hold.create",
        HoldChange::Release(_) => "hold.release",
    };
    let plan = make(services, caller, request, action).await?;
    if plan.digest != confirmed.digest {
        return Err(ServiceError::Conflict(
            "the legal hold, or what would be done, has changed since it was shown; look at the plan again"
                .to_owned(),
        ));
    }
    let failed: Vec<Check> = plan
        .checks
        .iter()
        .filter(|check| check.verdict == Verdict::Fail)
        .cloned()
        .collect();
    if !failed.is_empty() {
        return Err(ServiceError::Checks(failed));
    }
    let reason = confirmed.reason.trim();
    if reason.is_empty() {
        return Err(Invalid::new("reason", "must be given").into());
    }
    let wish = Start {
        kind: CHANGE_HOLD_KIND,
        targets: target_of(&plan.request).into_iter().collect(),
        action,
        subject: plan.request.arn(),
        digest: Some(plan.digest.clone()),
        detail: words(&plan),
        labels: RunLabels {
            account: Some(plan.request.account.to_string()),
            region: Some(plan.request.region.to_string()),
            resource: None,
        },
        reason: reason.to_owned(),
        params: HoldParams {
            request: plan.request,
            why: reason.to_owned(),
            digest: plan.digest,
        },
    };
    crate::runs::start(services, caller, wish).await
}

/// The plan in a sentence, for the audit log.
fn words(plan: &HoldPlan) -> String {
    let more = if plan.preview.more { "more than " } else { "" };
    let points = plan.preview.points;
    match (&plan.request.change, &plan.hold) {
        (HoldChange::Create(new), _) => format!(
            "Legal hold \u{201c}{}\u{201d} on {more}{points} known recovery points.",
            new.title
        ),
        (HoldChange::Release(release), hold) => format!(
            "Legal hold \u{201c}{}\u{201d} ({}) is released: {more}{points} known recovery points.",
            hold.as_ref()
                .map(|hold| hold.title.as_str())
                .unwrap_or_default(),
            release.hold
        ),
    }
}
