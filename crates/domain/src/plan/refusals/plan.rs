use std::collections::BTreeSet;

use serde_json::Value;

use super::{MODEL, Refusal, broken, is_name};
use crate::plan::{BackupPlan, Finding};

pub(super) const ROWS: &[Refusal] = &[
    Refusal::plan(
        "plan name",
        "BackupPlanName of BackupPlanInput and BackupPlan in AWS Backup's service model",
        name,
    ),
    Refusal::plan("no rules", MODEL, no_rules),
    Refusal::plan(
        "rules of a plan",
        "\"AWS Backup quotas\" in the developer guide",
        most_rules,
    )
    .quota(),
    Refusal::plan(
        "rule names",
        "InvalidParameterValueException \"Duplicate rule name\" of CreateBackupPlan in public reports",
        rule_names,
    ),
    Refusal::plan(
        "advanced settings",
        "BackupOptions of AdvancedBackupSetting in AWS Backup's service model: an invalid option is an InvalidParameterValueException",
        advanced,
    ),
];

/// Names that plans have are longer than the model wants them for new ones, which is a warning.
fn name(plan: &BackupPlan) -> Vec<Finding> {
    broken(
        !is_name(&plan.backup_plan_name, 200),
        "BackupPlanName",
        "must have 1 to 200 characters of letters, digits, -, _ and .",
        "Write a short name without spaces.",
    )
}

fn no_rules(plan: &BackupPlan) -> Vec<Finding> {
    broken(
        plan.rules.is_empty(),
        "Rules",
        "must be 1 to 10",
        "Add at least one rule.",
    )
}

fn most_rules(plan: &BackupPlan) -> Vec<Finding> {
    broken(
        plan.rules.len() > BackupPlan::MAX_RULES,
        "Rules",
        "must be 1 to 10",
        "Divide more than ten rules among several plans.",
    )
}

fn rule_names(plan: &BackupPlan) -> Vec<Finding> {
    let mut names = BTreeSet::new();
    plan.rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| !names.insert(rule.rule_name.as_str()))
        .map(|(index, _)| {
            Finding::error(
                format!("Rules[{index}].RuleName"),
                "must be unique in the plan",
                "Give each rule a name of its own.",
            )
        })
        .collect()
}

/// The options of each type.
const OPTIONS: [(&str, &[&str]); 2] = [
    ("EC2", &["WindowsVSS"]),
    ("S3", &["BackupACLs", "BackupObjectTags"]),
];

fn advanced(plan: &BackupPlan) -> Vec<Finding> {
    let mut findings = Vec::new();
    let settings = plan.other.get("AdvancedBackupSettings");
    for (index, setting) in settings
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        let path = format!("AdvancedBackupSettings[{index}]");
        let kind = setting.get("ResourceType").and_then(Value::as_str);
        let Some((kind, known)) = OPTIONS.into_iter().find(|(name, _)| Some(*name) == kind) else {
            findings.push(Finding::error(
                format!("{path}.ResourceType"),
                "must be EC2 or S3: other types have no such settings",
                "Write EC2 for WindowsVSS, S3 for BackupACLs and BackupObjectTags, or remove the setting.",
            ));
            continue;
        };
        let options = setting.get("BackupOptions").and_then(Value::as_object);
        for (option, value) in options.into_iter().flatten() {
            if !known.contains(&option.as_str()) {
                findings.push(Finding::error(
                    format!("{path}.BackupOptions.{option}"),
                    format!("is no option of {kind}: it has {}", known.join(" and ")),
                    "Write one of these, or remove it.",
                ));
            } else if !matches!(value.as_str(), Some("enabled" | "disabled")) {
                findings.push(Finding::error(
                    format!("{path}.BackupOptions.{option}"),
                    "must be enabled or disabled",
                    "Write enabled or disabled.",
                ));
            }
        }
    }
    findings
}
