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
use crate::{Caller, ServiceError, Services, runs::Start};

/// Runs a rule now, as it was shown: a backup job for each resource that the plan takes.
pub async fn run_now(
    services: &Services,
    caller: &Caller,
    key: &PlanKey,
    rule: &str,
    digest: &str,
    reason: &str,
) -> Result<RunId, ServiceError> {
    let begun = begin(services, caller, key, rule, digest, reason).await;
    crate::runs::or_repeat(services, caller, RULE_RUN_KIND, digest, begun).await
}

async fn begin(
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
    crate::runs::start(
        services,
        caller,
        Start {
            kind: RULE_RUN_KIND,
            targets: Vec::new(),
            action: "plan.run",
            subject: subject(key),
            digest: Some(digest.to_owned()),
            detail: format!("Rule {}, {} resources.", shown.rule, params.resources.len()),
            labels: RunLabels {
                account: Some(key.account.to_string()),
                region: Some(key.region.to_string()),
                resource: Some(shown.plan.arn.to_string()),
            },
            reason: reason.to_owned(),
            params,
        },
    )
    .await
}
