use super::super::{BackupRule, CopyAction, Finding, KnownVault, PlanKnowledge};
use crate::{Arn, ResourceType};

/// What would make a rule's copies fail or end early, as far as is known.
pub(super) fn findings(rule: &BackupRule, known: &PlanKnowledge) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, copy) in rule.copies().iter().enumerate() {
        let mut of_copy = one(rule, copy, known);
        let twice =
            rule.copies().iter().take(index).any(|other| {
                other.destination_backup_vault_arn == copy.destination_backup_vault_arn
            });
        if twice {
            of_copy.push(Finding::warning(
                "DestinationBackupVaultArn",
                "is the vault of another copy of this rule: each point would be copied there twice",
                "Remove one of the two.",
            ));
        }
        for finding in &mut of_copy {
            finding.field = format!("CopyActions[{index}].{}", finding.field);
        }
        findings.extend(of_copy);
    }
    findings
}

fn one(rule: &BackupRule, copy: &CopyAction, known: &PlanKnowledge) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Ok(arn) = Arn::parse(&copy.destination_backup_vault_arn) else {
        return findings;
    };
    retention(rule, copy, known.vault(arn.as_str()), &mut findings);
    let Some((account, region)) = &known.home else {
        return findings;
    };
    let same_account = arn.account() == account.as_str();
    let same_region = arn.region() == region.as_str();
    if same_account && same_region && arn.name() == rule.target_backup_vault_name {
        findings.push(Finding::error(
            "DestinationBackupVaultArn",
            "must be another vault than the rule's own",
            "Choose another vault, or remove the copy.",
        ));
    }
    if !same_account {
        other_account(rule, &arn, known, &mut findings);
    }
    if !same_account && !same_region {
        let stuck: Vec<&str> = known
            .types
            .iter()
            .map(ResourceType::as_str)
            .filter(|name| known.support.one_boundary.contains(*name))
            .collect();
        if !stuck.is_empty() {
            findings.push(Finding::warning(
                "DestinationBackupVaultArn",
                format!(
                    "is in another account and another Region: for {} AWS Backup may copy across one of the two only, and the copy would fail",
                    stuck.join(", ")
                ),
                "Copy within the account to the other Region first, and from there to the other account.",
            ));
        }
    }
    findings
}

fn retention(
    rule: &BackupRule,
    copy: &CopyAction,
    vault: Option<&KnownVault>,
    findings: &mut Vec<Finding>,
) {
    let lifecycle = copy.lifecycle.as_ref().or(rule.lifecycle.as_ref());
    if let Some(vault) = vault
        && let Some(limits) = &vault.limits
        && let Err(refusal) = limits.check(lifecycle)
    {
        findings.push(Finding::error(
            "Lifecycle.DeleteAfterDays",
            format!(
                "{} (vault {} of account {})",
                refusal.rule.replace("every job", "every copy"),
                vault.name,
                vault.account
            ),
            limits.fix(),
        ));
    }
    let for_ever = copy
        .lifecycle
        .as_ref()
        .is_some_and(|lifecycle| lifecycle.delete_after().is_none());
    if let (true, Some(days)) = (for_ever, rule.keeps_days()) {
        findings.push(Finding::warning(
            "Lifecycle.DeleteAfterDays",
            format!(
                "is empty, but a copy that never expires keeps the expiry of its source: {days} days from the source's creation"
            ),
            "Write 36500 days (100 years) to keep the copies forever.",
        ));
    }
}

fn other_account(rule: &BackupRule, arn: &Arn, known: &PlanKnowledge, findings: &mut Vec<Finding>) {
    let destination = known.vault(arn.as_str());
    let source = known.target(&rule.target_backup_vault_name);
    let managed = |vault: Option<&KnownVault>| vault.and_then(|vault| vault.aws_managed_key);
    for (whose, vault) in [
        ("the rule's vault", source),
        ("the destination", destination),
    ] {
        if managed(vault) == Some(true) {
            findings.push(Finding::error(
                "DestinationBackupVaultArn",
                format!(
                    "is in another account, and {whose} is encrypted with a key that AWS manages: such keys cannot cross accounts, and every copy would fail"
                ),
                "Use vaults with customer managed keys, and share the keys with the other account.",
            ));
        }
    }
    if managed(source).is_none() || managed(destination).is_none() {
        findings.push(Finding::warning(
            "DestinationBackupVaultArn",
            "is in another account: the copies need customer managed KMS keys that are shared with it, which nobody has checked here",
            "Check the keys of both vaults and of the resources.",
        ));
    }
    match destination.and_then(|vault| vault.allows_copies) {
        Some(true) => {}
        Some(false) => findings.push(Finding::error(
            "DestinationBackupVaultArn",
            "has an access policy that does not let this account copy into it: every copy would fail",
            "Allow backup:CopyIntoBackupVault for this account in the vault's access policy.",
        )),
        None => findings.push(Finding::warning(
            "DestinationBackupVaultArn",
            "is in another account: its access policy must allow backup:CopyIntoBackupVault to this one, and both must be in one organization",
            "Check the vault's access policy, and that cross-account backup is on in the organization.",
        )),
    }
}
