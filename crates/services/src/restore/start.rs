use tidemark_domain::{
    RestoreRequest,
    runs::{RunId, RunLabels},
};

use super::{
    confirm::confirm,
    plan,
    run::{RESTORE_KIND, RestoreParams},
};
use crate::{
    Caller, ServiceError, Services,
    audit::AuditOutcome,
    authorize::record,
    runs::{Enqueue, enqueue},
};

/// Starts the restore that was shown: the plan is made anew and must have the same digest.
pub async fn start(
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
    let (subject, reason) = (
        plan.request.resource.to_string(),
        plan.request.reason.clone(),
    );
    // The audit entry comes first: nothing changes in AWS that is not in the log.
    record(
        services,
        caller,
        "restore.start",
        &subject,
        AuditOutcome::Allowed,
        Some(digest.to_owned()),
        Some(format!("{} Reason: {reason}", plan.summary)),
    )
    .await?;
    enqueue(
        services,
        caller,
        Enqueue {
            kind: RESTORE_KIND,
            params: serde_json::to_value(RestoreParams { plan })
                .map_err(|e| ServiceError::Internal(Box::new(e)))?,
            labels,
            reason,
        },
    )
    .await
}
