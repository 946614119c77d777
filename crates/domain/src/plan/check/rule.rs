use super::super::{BackupRule, Finding, PlanKnowledge};

/// What is wrong with a rule's vault, retention and tiers, as far as is known.
pub(super) fn findings(rule: &BackupRule, known: &PlanKnowledge) -> Vec<Finding> {
    let mut findings = Vec::new();
    target(rule, known, &mut findings);
    fires(rule, known, &mut findings);
    cold(rule, known, &mut findings);
    continuous(rule, known, &mut findings);
    if rule.keeps_days().is_none() && !rule.continuous() {
        findings.push(Finding::warning(
            "Lifecycle.DeleteAfterDays",
            "is empty: the points are kept, and paid for, forever",
            "Write a number of days if they need not be kept forever.",
        ));
    }
    findings
}

/// A schedule that is right in form and never comes.
fn fires(rule: &BackupRule, known: &PlanKnowledge, findings: &mut Vec<Finding>) {
    let (Some(now), Ok((cron, zone))) = (known.now, rule.timing()) else {
        return;
    };
    if cron.after(now, &zone).next().is_some() {
        return;
    }
    let why = match cron.before(now, &zone) {
        Some(last) => format!(
            "never fires again: the last time was {}",
            last.to_zoned(zone).strftime("%Y-%m-%d %H:%M")
        ),
        None => "never fires: no such day comes in the months and years that it names".to_owned(),
    };
    findings.push(Finding::warning(
        "ScheduleExpression",
        why,
        "Choose days that the months have, and years to come: L is the last day of any month.",
    ));
}

fn target(rule: &BackupRule, known: &PlanKnowledge, findings: &mut Vec<Finding>) {
    let name = &rule.target_backup_vault_name;
    let Some(vault) = known.target(name) else {
        if known.vaults_are_complete && known.home.is_some() {
            let (account, region) = known
                .home
                .as_ref()
                .map(|(a, r)| (a.as_str(), r.as_str()))
                .unwrap_or_default();
            findings.push(Finding::error(
                "TargetBackupVaultName",
                format!("must be a vault of account {account} in {region}: there is no {name}, and every job would fail"),
                "Create the vault first, or choose another.",
            ));
        }
        return;
    };
    if vault.air_gapped == Some(true) {
        findings.push(Finding::error(
            "TargetBackupVaultName",
            format!(
                "{name} is logically air-gapped: it takes copies only, and every job would fail"
            ),
            "Choose another vault, and add a copy to this one.",
        ));
    }
    if let Some(limits) = &vault.limits
        && let Err(refusal) = limits.check(rule.lifecycle.as_ref())
    {
        findings.push(Finding::error(
            "Lifecycle.DeleteAfterDays",
            format!("{} (vault {name})", refusal.rule),
            limits.fix(),
        ));
    }
    let quota = known.quotas.points_per_vault;
    if vault.points.saturating_mul(10) >= quota.saturating_mul(9) {
        findings.push(Finding::warning(
            "TargetBackupVaultName",
            format!("{name} holds {} of {quota} recovery points", vault.points),
            "Choose another vault, shorten the retention, or ask AWS for a higher quota.",
        ));
    }
}

fn cold(rule: &BackupRule, known: &PlanKnowledge, findings: &mut Vec<Finding>) {
    let lifecycle = rule.lifecycle.clone().unwrap_or_default();
    if lifecycle.cold_after().is_none() || rule.continuous() {
        return;
    }
    let archive = lifecycle.opt_in_to_archive_for_supported_resources == Some(true);
    let by_opt_in = |name: &str| known.support.cold_by_opt_in.contains(name);
    let closed: Vec<&str> = known
        .types
        .iter()
        .map(crate::ResourceType::as_str)
        .filter(|name| !known.support.cold.contains(*name) && !by_opt_in(name))
        .collect();
    if !closed.is_empty() {
        findings.push(Finding::warning(
            "Lifecycle.MoveToColdStorageAfterDays",
            format!(
                "is ignored silently for {}: these types have no cold storage, so their points stay warm",
                closed.join(", ")
            ),
            "Take them by a plan of their own, or plan for the price of warm storage.",
        ));
    }
    let asking: Vec<&str> = known
        .types
        .iter()
        .map(crate::ResourceType::as_str)
        .filter(|name| by_opt_in(name))
        .collect();
    if !asking.is_empty() && !archive {
        findings.push(Finding::warning(
            "Lifecycle.OptInToArchiveForSupportedResources",
            format!("is not set, so points of {} stay warm", asking.join(", ")),
            "Set it to true to move them to the archive tier.",
        ));
    }
}

fn continuous(rule: &BackupRule, known: &PlanKnowledge, findings: &mut Vec<Finding>) {
    if !rule.continuous() {
        return;
    }
    let snapshots: Vec<&str> = known
        .types
        .iter()
        .filter(|name| !known.support.is_continuous(name))
        .map(crate::ResourceType::as_str)
        .collect();
    if !snapshots.is_empty() {
        findings.push(Finding::warning(
            "EnableContinuousBackup",
            format!(
                "has no effect for {}: they get snapshots at the rule's times instead",
                snapshots.join(", ")
            ),
            "Turn on the service's own point-in-time recovery where it has one, as DynamoDB does.",
        ));
    }
}
