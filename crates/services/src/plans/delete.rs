use tidemark_domain::{
    plan::PlanKey,
    runs::{RunId, RunLabels},
};

use super::{
    apply::changed_since,
    change::settled,
    deletion::deletion,
    find::subject,
    run::{DELETE_PLAN_KIND, DeleteParams},
};
use crate::{
    Caller, ServiceError, Services,
    audit::AuditOutcome,
    authorize::record,
    runs::{Enqueue, enqueue},
};

/// Deletes the plan as it was shown.
pub async fn delete(
    services: &Services,
    caller: &Caller,
    key: &PlanKey,
    digest: &str,
    reason: &str,
) -> Result<RunId, ServiceError> {
    let deletion = deletion(services, caller, key).await?;
    if deletion.digest != digest {
        return Err(changed_since());
    }
    record(
        services,
        caller,
        "plan.delete",
        &subject(key),
        AuditOutcome::Allowed,
        Some(digest.to_owned()),
        Some(format!(
            "{} with {} selections. Reason: {reason}",
            deletion.plan.plan.backup_plan_name,
            deletion.selections.len()
        )),
    )
    .await?;
    let params = DeleteParams {
        plan: settled(&deletion.plan),
    };
    enqueue(
        services,
        caller,
        Enqueue {
            kind: DELETE_PLAN_KIND,
            params: serde_json::to_value(&params)
                .map_err(|e| ServiceError::Internal(Box::new(e)))?,
            labels: RunLabels {
                account: Some(key.account.to_string()),
                region: Some(key.region.to_string()),
                resource: Some(deletion.plan.arn.to_string()),
            },
            reason: reason.to_owned(),
        },
    )
    .await
}
