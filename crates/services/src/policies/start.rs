use serde::{Deserialize, Serialize};
use tidemark_domain::{
    Check, Invalid, Partition, RoleArn, Verdict,
    policy::{AccessChange, AccessPlan, AccessRequest, StatementFate},
    runs::{RunId, RunLabels},
};

use super::{
    plan::make,
    run::{PolicyParams, SET_BUCKET_POLICY_KIND},
    target_of,
};
use crate::{Caller, ServiceError, Services, runs::Start};

/// What a person confirms about the plan that they were shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicyConfirmed {
    /// Digest of the plan.
    pub digest: String,
    /// Why, in the person's own words.
    pub reason: String,
}

/// Starts the change that was shown: the plan is made anew, by the policy as it is now, and must have
/// the same digest.
pub async fn start(
    services: &Services,
    caller: &Caller,
    request: AccessRequest,
    confirmed: &PolicyConfirmed,
) -> Result<RunId, ServiceError> {
    let begun = begin(services, caller, request, confirmed).await;
    let kind = SET_BUCKET_POLICY_KIND;
    crate::runs::or_repeat(services, caller, kind, &confirmed.digest, begun).await
}

async fn begin(
    services: &Services,
    caller: &Caller,
    request: AccessRequest,
    confirmed: &PolicyConfirmed,
) -> Result<RunId, ServiceError> {
    let plan = make(services, caller, request, "policy.change").await?;
    if plan.digest != confirmed.digest {
        return Err(ServiceError::Conflict(
            "the bucket's policy, or what would be done, has changed since it was shown; look at the plan again"
                .to_owned(),
        ));
    }
    if !plan.changes_anything() && plan.request.change != AccessChange::Grant {
        return Err(ServiceError::Conflict(
            "the policy is already as it would be".to_owned(),
        ));
    }
    let reason = confirmed.reason.trim();
    if reason.is_empty() {
        return Err(Invalid::new("reason", "must be given").into());
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
    let bucket = plan.request.bucket.to_string();
    let wish = Start {
        kind: SET_BUCKET_POLICY_KIND,
        targets: vec![target_of(&bucket)],
        action: "policy.change",
        subject: bucket.clone(),
        digest: Some(plan.digest.clone()),
        detail: words(&plan),
        labels: RunLabels {
            account: Some(plan.request.account.to_string()),
            region: Some(plan.request.region.to_string()),
            resource: Some(format!(
                "arn:{}:s3:::{bucket}",
                Partition::of(&plan.request.region).id()
            )),
        },
        reason: reason.to_owned(),
        params: PolicyParams {
            request: plan.request,
            before: plan.before,
            after: plan.after,
            only_prove: false,
        },
    };
    crate::runs::start(services, caller, wish).await
}

/// The plan in a sentence, for the audit log.
fn words(plan: &AccessPlan) -> String {
    let request = &plan.request;
    let names = |fate: StatementFate| -> Vec<&str> {
        plan.changes
            .iter()
            .filter(|change| change.fate == fate)
            .map(|change| change.label.as_str())
            .collect()
    };
    let mut parts = Vec::new();
    for fate in [
        StatementFate::Added,
        StatementFate::Changed,
        StatementFate::Removed,
    ] {
        let names = names(fate);
        if !names.is_empty() {
            parts.push(format!("{} {}", names.join(", "), fate.as_str()));
        }
    }
    let what = if parts.is_empty() {
        "nothing changes, and access is proved".to_owned()
    } else {
        parts.join("; ")
    };
    let roles: Vec<&str> = request.roles.iter().map(RoleArn::as_str).collect();
    let roles = if roles.is_empty() {
        String::new()
    } else {
        format!(" For {}.", roles.join(", "))
    };
    format!(
        "Policy of the bucket {} of {} ({}): {what}.{roles}",
        request.bucket, request.account, request.region
    )
}
