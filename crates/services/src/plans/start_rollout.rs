use tidemark_domain::{
    plan::{PlanChange, RolloutRequest},
    runs::{RunId, RunLabels},
};

use super::{
    apply::changed_since,
    change::{params, selection_work},
    rollout::rollout,
    run::{ROLLOUT_KIND, RolloutParams},
};
use crate::{
    Caller, ServiceError, Services,
    audit::AuditOutcome,
    authorize::record,
    runs::{Enqueue, enqueue},
};

/// Rolls a plan out as it was shown: one run, with a result per target.
pub async fn start_rollout(
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
    record(
        services,
        caller,
        "plan.rollout",
        &request.plan.backup_plan_name,
        AuditOutcome::Allowed,
        Some(digest.to_owned()),
        Some(format!(
            "into {} of {} accounts and Regions: {}. Reason: {}",
            targets.len(),
            shown.targets.len(),
            targets
                .iter()
                .map(|t| format!("{}/{}", t.account, t.region))
                .collect::<Vec<_>>()
                .join(", "),
            request.reason
        )),
    )
    .await?;
    let params = RolloutParams { targets };
    enqueue(
        services,
        caller,
        Enqueue {
            kind: ROLLOUT_KIND,
            params: serde_json::to_value(&params)
                .map_err(|e| ServiceError::Internal(Box::new(e)))?,
            labels: RunLabels::default(),
            reason: request.reason,
        },
    )
    .await
}
