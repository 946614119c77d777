use tidemark_domain::{
    Arn, Invalid, Privilege,
    plan::{self, Finding, PlanKey, RuleRun},
    selection::{Candidate, CompiledSelection},
};

use super::{
    digest::digest_of,
    dry_run::selections_of_record,
    find::{find, registered},
    knowledge::Surroundings,
    permission::{finding, missing},
    run::{RuleRunParams, rule_run_policy},
};
use crate::{Caller, ServiceError, Services};

/// Jobs that one run starts at most: an on-demand job each.
const MOST: usize = 5_000;

/// What running a rule now would start. Nothing is changed.
pub async fn rule_run(
    services: &Services,
    caller: &Caller,
    key: &PlanKey,
    rule: &str,
) -> Result<RuleRun, ServiceError> {
    let record = find(
        services,
        caller,
        key,
        Privilege::ManagePlans,
        "plan.rule_run",
    )
    .await?;
    let index = record
        .plan
        .rules
        .iter()
        .position(|one| one.rule_name == rule)
        .ok_or_else(|| ServiceError::NotFound(format!("rule {rule}")))?;
    let scope = record.scope();
    let around = Surroundings::read(services, &scope, &record.plan).await?;
    let selections = selections_of_record(&record);
    let compiled: Vec<_> = selections
        .iter()
        .map(|one| (one, CompiledSelection::new(one)))
        .collect();
    // As AWS does it: the first selection that takes a resource gives the role.
    let resources: Vec<(Arn, String)> = around
        .resources
        .iter()
        .filter_map(|resource| {
            let candidate = Candidate {
                arn: resource.arn.as_str(),
                tags: &resource.tags,
                opted_in: around.settings.opted_in(resource.resource_type.as_str()),
            };
            let (selection, _) = compiled
                .iter()
                .find(|(_, compiled)| compiled.take(candidate).takes())?;
            Some((resource.arn.clone(), selection.iam_role_arn.clone()))
        })
        .collect();
    if resources.len() > MOST {
        return Err(Invalid::new(
            "rule",
            format!("must take at most {MOST} resources to be run by hand"),
        )
        .into());
    }
    let known = around.knowledge(&scope, &selections, Some(&record.id), services.clock.now());
    let prefix = format!("Rules[{index}].");
    let mut findings: Vec<Finding> = plan::check(&record.plan, &known)
        .into_iter()
        .filter(|finding| finding.field.starts_with(&prefix))
        .collect();
    add_own(
        &record.plan.rules[index],
        resources.is_empty(),
        &mut findings,
    );
    let params = RuleRunParams {
        account: record.account.clone(),
        region: record.region.clone(),
        plan: record.plan.backup_plan_name.clone(),
        rule: record.plan.rules[index].clone(),
        resources: resources.clone(),
    };
    let policy = rule_run_policy(&params);
    let fitted = policy.fit()?;
    let account = registered(services, &scope).await?;
    findings.extend(missing(services, &account, &scope.region, &[policy]).await);
    findings.extend(fitted.check().and_then(finding));
    Ok(RuleRun {
        plan: record,
        rule: rule.to_owned(),
        resources,
        findings,
        session_policy: fitted.text,
        digest: digest_of(&params)?,
    })
}

fn add_own(rule: &plan::BackupRule, nothing: bool, findings: &mut Vec<Finding>) {
    if nothing {
        findings.push(Finding::error(
            "Selections",
            "take no resource that the console knows: there is nothing to back up",
            "Change the selections, or refresh what the console knows of the account.",
        ));
    }
    if !rule.copies().is_empty() {
        findings.push(Finding::warning(
            "CopyActions",
            "are not made by a run by hand: AWS Backup copies only what a schedule made",
            "Copy the new points by hand, or wait for the schedule.",
        ));
    }
    if rule.enable_continuous_backup == Some(true) {
        findings.push(Finding::warning(
            "EnableContinuousBackup",
            "is of no effect for a run by hand: it makes snapshots",
            "",
        ));
    }
}
