//! What is wrong with a plan, before it is saved: the same findings in the browser and on the server.

mod copies;
mod rule;

use super::{BackupPlan, BackupRule, Finding, PlanKnowledge, Refusal};
use crate::selection::windows_meet;

/// Everything that AWS Backup would refuse about a plan, that would make its jobs fail, or that works
/// differently than it looks. Errors come before warnings, each in the order of the plan's fields.
pub fn check(plan: &BackupPlan, known: &PlanKnowledge) -> Vec<Finding> {
    let mut findings = Refusal::of_plan(plan);
    whole(plan, known, &mut findings);
    for (index, rule) in plan.rules.iter().enumerate() {
        let mut of_rule = rule::findings(rule, known);
        of_rule.extend(copies::findings(rule, known));
        for finding in &mut of_rule {
            finding.field = format!("Rules[{index}].{}", finding.field);
        }
        findings.extend(of_rule);
    }
    windows(plan, known, &mut findings);
    findings.sort_by_key(|finding| !finding.is_error());
    findings
}

/// Characters that the service model wants a new plan's name to have at most.
const NEW_NAME: usize = 50;

fn whole(plan: &BackupPlan, known: &PlanKnowledge, findings: &mut Vec<Finding>) {
    let length = plan.backup_plan_name.chars().count();
    if !known.exists && (NEW_NAME + 1..=200).contains(&length) {
        findings.push(Finding::warning(
            "BackupPlanName",
            format!(
                "has {length} characters: AWS Backup may refuse more than {NEW_NAME} for a new plan"
            ),
            "Shorten it, if the plan does not exist yet.",
        ));
    }
    if let Some(others) = &known.other_plans {
        if others.contains(&plan.backup_plan_name) {
            findings.push(Finding::error(
                "BackupPlanName",
                "is the name of another plan of this account and Region",
                "Choose another name, or change that plan instead.",
            ));
        }
        if others.len() as u64 >= known.quotas.plans {
            findings.push(Finding::error(
                "BackupPlanName",
                format!(
                    "would be one plan more than the quota of {}",
                    known.quotas.plans
                ),
                "Delete a plan that is no longer used, or ask AWS for a higher quota.",
            ));
        }
    }
    for resource_type in &known.types {
        if known.opt_in.get(resource_type.as_str()) == Some(&false) {
            findings.push(Finding::warning(
                "Selections",
                format!(
                    "{resource_type} is not opted in for this account and Region: only resources named by their ARN are taken"
                ),
                format!(
                    "Opt {resource_type} in under AWS Backup, Settings, Service opt-in."
                ),
            ));
        }
    }
}

/// Rules of one plan whose start windows overlap.
fn windows(plan: &BackupPlan, known: &PlanKnowledge, findings: &mut Vec<Finding>) {
    let Some(now) = known.now else { return };
    for (index, rule) in plan.rules.iter().enumerate() {
        for other in plan.rules.iter().take(index) {
            if rule.continuous() != other.continuous() || rule.keeps_days() == other.keeps_days() {
                continue;
            }
            let Some(at) = windows_meet(&[other, rule], now) else {
                continue;
            };
            let longer = if keeps(rule) > keeps(other) {
                rule
            } else {
                other
            };
            findings.push(Finding::warning(
                format!("Rules[{index}].StartWindowMinutes"),
                format!(
                    "overlaps the start window of {}, first on {}: AWS Backup may keep one point only, with the longer retention, that of {}",
                    other.rule_name,
                    at.strftime("%Y-%m-%d %H:%M UTC"),
                    longer.rule_name
                ),
                "Move one schedule, or shorten the start windows, so that they lie apart.",
            ));
        }
    }
}

fn keeps(rule: &BackupRule) -> i64 {
    rule.keeps_days().unwrap_or(i64::MAX)
}
