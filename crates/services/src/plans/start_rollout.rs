use tidemark_domain::{
    plan::{PlanChange, RolloutRequest},
    runs::{RunId, RunLabels},
};

use super::{
    apply::changed_since,
    change::{params, selection_work},
    rollout::rollout,
    run::{ROLLOUT_KIND, RolloutParams, SaveParams},
};
use crate::{Caller, ServiceError, Services, runs::Start};

/// Rolls a plan out as it was shown: one run, with a result per target.
pub async fn start_rollout(
    services: &Services,
    caller: &Caller,
    request: RolloutRequest,
    digest: &str,
) -> Result<RunId, ServiceError> {
    let begun = begin(services, caller, request, digest).await;
    crate::runs::or_repeat(services, caller, ROLLOUT_KIND, digest, begun).await
}

async fn begin(
    services: &Services,
    caller: &Caller,
    request: RolloutRequest,
    digest: &str,
) -> Result<RunId, ServiceError> {
    let shown = rollout(services, caller, request).await?;
    if shown.digest != digest {
        return Err(changed_since());
    }
    let mut targets = Vec::new();
    for target in &shown.targets {
        let change = target.change.as_ref();
        if let Some(change) = change.filter(|c| c.can_apply() && !PlanChange::is_empty(c)) {
            let work = selection_work(&change.draft, change.before.as_ref())?;
            targets.push(params(&change.draft, change.before.as_ref(), work));
        }
    }
    if targets.is_empty() {
        return Err(ServiceError::Conflict(
            "there is nothing to do in any of the targets".to_owned(),
        ));
    }
    let request = shown.request;
    let places: Vec<String> = targets
        .iter()
        .map(|t| format!("{}/{}", t.account, t.region))
        .collect();
    crate::runs::start(
        services,
        caller,
        Start {
            kind: ROLLOUT_KIND,
            targets: targets.iter().flat_map(SaveParams::targets).collect(),
            action: "plan.rollout",
            subject: request.plan.backup_plan_name,
            digest: Some(digest.to_owned()),
            detail: format!(
                "Into {} of {} accounts and Regions: {}.",
                targets.len(),
                shown.targets.len(),
                places.join(", "),
            ),
            labels: RunLabels::default(),
            reason: request.reason,
            params: RolloutParams { targets },
        },
    )
    .await
}
