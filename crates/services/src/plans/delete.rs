use tidemark_domain::{
    plan::{Finding, PlanKey},
    runs::{RunId, RunLabels},
};

use super::{
    apply::{changed_since, refused},
    change::settled,
    deletion::deletion,
    find::{registered, subject},
    permission::missing,
    run::{DELETE_PLAN_KIND, DeleteParams, delete_policy, targets_of_deletion},
};
use crate::{Caller, ServiceError, Services, runs::Start};

/// Deletes the plan as it was shown.
pub async fn delete(
    services: &Services,
    caller: &Caller,
    key: &PlanKey,
    digest: &str,
    reason: &str,
) -> Result<RunId, ServiceError> {
    let begun = begin(services, caller, key, digest, reason).await;
    crate::runs::or_repeat(services, caller, DELETE_PLAN_KIND, digest, begun).await
}

async fn begin(
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
    let params = DeleteParams {
        plan: settled(&deletion.plan),
    };
    let scope = deletion.plan.scope();
    let account = registered(services, &scope).await?;
    let missing = missing(
        services,
        &account,
        &scope.region,
        &[delete_policy(&params.plan)],
    )
    .await;
    if missing.iter().any(Finding::is_error) {
        return Err(refused(&missing));
    }
    crate::runs::start(
        services,
        caller,
        Start {
            kind: DELETE_PLAN_KIND,
            targets: targets_of_deletion(&params.plan),
            action: "plan.delete",
            subject: subject(key),
            digest: Some(digest.to_owned()),
            detail: format!(
                "{} with {} selections.",
                deletion.plan.plan.backup_plan_name,
                deletion.selections.len()
            ),
            labels: RunLabels {
                account: Some(key.account.to_string()),
                region: Some(key.region.to_string()),
                resource: Some(deletion.plan.arn.to_string()),
            },
            reason: reason.to_owned(),
            params,
        },
    )
    .await
}
