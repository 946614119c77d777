use serde::Deserialize;
use tidemark_domain::{
    Verdict,
    buckets::{Known, SettingsRequest},
    runs::{RunId, RunLabels},
};

use super::{
    plan::make,
    run::{SET_BUCKET_KIND, SetBucketParams, target_of},
};
use crate::{Caller, ServiceError, Services, runs::Start};

/// What a person confirms about the plan that they were shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Confirmed {
    /// Digest of the plan.
    pub digest: String,
    /// Why, in the person's own words.
    pub reason: String,
}

/// Starts the change of settings that was shown: the plan is made anew and must have the same digest.
pub async fn fix(
    services: &Services,
    caller: &Caller,
    request: SettingsRequest,
    confirmed: &Confirmed,
) -> Result<RunId, ServiceError> {
    let begun = begin(services, caller, request, confirmed).await;
    crate::runs::or_repeat(services, caller, SET_BUCKET_KIND, &confirmed.digest, begun).await
}

async fn begin(
    services: &Services,
    caller: &Caller,
    request: SettingsRequest,
    confirmed: &Confirmed,
) -> Result<RunId, ServiceError> {
    let (plan, settings) = make(services, caller, request, "bucket.fix").await?;
    if plan.digest != confirmed.digest {
        return Err(ServiceError::Conflict(
            "the bucket's settings have changed since they were shown; look at them again"
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
    let place = plan.request.place.clone();
    let changes: Vec<String> = plan
        .changes
        .iter()
        .map(|change| format!("{} → {}", change.before, change.after))
        .collect();
    let shown = match settings.lifecycle {
        Known::Is(rules) => rules,
        Known::Unknown(_) => Vec::new(),
    };
    crate::runs::start(
        services,
        caller,
        Start {
            kind: SET_BUCKET_KIND,
            targets: vec![target_of(&place)],
            action: "bucket.fix",
            subject: place.arn(),
            digest: Some(plan.digest.clone()),
            detail: format!("Settings of {place}: {}.", changes.join("; ")),
            labels: RunLabels {
                account: Some(place.account.to_string()),
                region: Some(place.region.to_string()),
                resource: Some(place.arn()),
            },
            reason: confirmed.reason.trim().to_owned(),
            params: SetBucketParams {
                request: plan.request,
                shown,
                digest: plan.digest,
            },
        },
    )
    .await
}
