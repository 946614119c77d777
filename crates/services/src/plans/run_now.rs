use tidemark_domain::{
    plan::PlanKey,
    runs::{RunId, RunLabels},
};

use super::{
    apply::{changed_since, refused},
    find::subject,
    rule_run::rule_run,
    run::{RULE_RUN_KIND, RuleRunParams},
};
use crate::{
    Caller, ServiceError, Services,
    audit::AuditOutcome,
    authorize::record,
    runs::{Enqueue, enqueue},
};

/// Runs a rule now, as it was shown: a backup job for each resource that the plan takes.
pub async fn run_now(
    services: &Services,
    caller: &Caller,
    key: &PlanKey,
    rule: &str,
    digest: &str,
    reason: &str,
) -> Result<RunId, ServiceError> {
    let shown = rule_run(services, caller, key, rule).await?;
    if shown.digest != digest {
        return Err(changed_since());
    }
    if !shown.can_start() {
        return Err(refused(&shown.findings));
    }
    record(
        services,
        caller,
        "plan.run",
        &subject(key),
        AuditOutcome::Allowed,
        Some(digest.to_owned()),
        Some(format!(
            "rule {rule}, {} resources. Reason: {reason}",
            shown.resources.len()
        )),
    )
    .await?;
    let rule = shown
        .plan
        .plan
        .rules
        .iter()
        .find(|one| one.rule_name == shown.rule)
        .cloned()
        .ok_or_else(|| ServiceError::NotFound(format!("rule {}", shown.rule)))?;
    let params = RuleRunParams {
        account: key.account.clone(),
        region: key.region.clone(),
        plan: shown.plan.plan.backup_plan_name.clone(),
        rule,
        resources: shown.resources,
    };
    enqueue(
        services,
        caller,
        Enqueue {
            kind: RULE_RUN_KIND,
            params: serde_json::to_value(&params)
                .map_err(|e| ServiceError::Internal(Box::new(e)))?,
            labels: RunLabels {
                account: Some(key.account.to_string()),
                region: Some(key.region.to_string()),
                resource: Some(shown.plan.arn.to_string()),
            },
            reason: reason.to_owned(),
        },
    )
    .await
}
