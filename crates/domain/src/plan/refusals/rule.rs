use serde_json::Value;

use super::{MODEL, Refusal, broken, is_name, under};
use crate::{
    Arn, VaultName,
    plan::{BackupRule, Finding, Lifecycle},
    schedule::AwsCron,
};

/// AWS Backup's shortest start window, and the least by which the completion window is longer, in minutes.
const AN_HOUR: i64 = 60;
/// The longest window: 100 years, in minutes.
const LONGEST_WINDOW: i64 = 52_560_000;

const LIFECYCLE_SOURCE: &str = "Lifecycle of BackupRuleInput in AWS Backup's service model";
const CONTINUOUS_SOURCE: &str =
    "\"Continuous backups and point-in-time recovery\" in the developer guide";

pub(super) const ROWS: &[Refusal] = &[
    Refusal::rule(
        "rule name",
        "RuleName of BackupRuleInput in AWS Backup's service model",
        name,
    ),
    Refusal::rule(
        "vault name",
        "TargetBackupVaultName of BackupRuleInput in AWS Backup's service model",
        vault,
    ),
    Refusal::rule(
        "schedule",
        "ScheduleExpression of BackupRuleInput, and \"Cron expressions\" in the developer guide",
        schedule,
    ),
    Refusal::rule(
        "time zone",
        "ScheduleExpressionTimezone of BackupRuleInput in AWS Backup's service model",
        zone,
    ),
    Refusal::rule(
        "start window",
        "StartWindowMinutes of BackupRuleInput: 60 to 52,560,000 minutes",
        start_window,
    ),
    Refusal::rule(
        "completion window",
        "InvalidParameterValueException \"completion window must be at least 60 minutes greater than the start window\" in public reports",
        completion_window,
    ),
    Refusal::rule("days", LIFECYCLE_SOURCE, days),
    Refusal::rule("days in cold storage", LIFECYCLE_SOURCE, cold),
    Refusal::rule(
        "deletion after an event",
        "DeleteAfterEvent of Lifecycle in AWS Backup's service model: not valid as an input",
        event,
    ),
    Refusal::rule(
        "continuous backups in cold storage",
        CONTINUOUS_SOURCE,
        continuous_cold,
    ),
    Refusal::rule(
        "days of continuous backups",
        CONTINUOUS_SOURCE,
        continuous_days,
    ),
    Refusal::rule(
        "copies of a rule",
        "\"AWS Backup quotas\" in the developer guide",
        most_copies,
    )
    .quota(),
    Refusal::rule("vault of a copy", MODEL, copy_vault),
    Refusal::rule(
        "index actions",
        "IndexActions of BackupRuleInput in AWS Backup's service model: at most one, of one resource type, EBS or S3",
        index_actions,
    ),
];

fn name(rule: &BackupRule) -> Vec<Finding> {
    broken(
        !is_name(&rule.rule_name, 50),
        "RuleName",
        "must have 1 to 50 characters of letters, digits, -, _ and .",
        "Write a short name without spaces.",
    )
}

fn vault(rule: &BackupRule) -> Vec<Finding> {
    match VaultName::parse(&rule.target_backup_vault_name) {
        Ok(_) => Vec::new(),
        Err(error) => vec![Finding::error(
            "TargetBackupVaultName",
            error.rule,
            "Choose one of the account's vaults.",
        )],
    }
}

fn schedule(rule: &BackupRule) -> Vec<Finding> {
    match AwsCron::parse(rule.schedule()).and_then(|cron| cron.check_for_backup()) {
        Ok(()) => Vec::new(),
        Err(error) => vec![Finding::error(
            "ScheduleExpression",
            format!("{} {}", error.field, error.rule),
            "Write the time as in cron(0 5 ? * * *), which is 05:00 every day.",
        )],
    }
}

fn zone(rule: &BackupRule) -> Vec<Finding> {
    // A browser has no time zones of its own to look in: the server checks the name.
    if AwsCron::parse(rule.schedule()).is_err() || jiff::tz::db().is_definitively_empty() {
        return Vec::new();
    }
    match rule.timing() {
        Ok(_) => Vec::new(),
        Err(error) => vec![Finding::error(
            "ScheduleExpressionTimezone",
            error.rule,
            "Choose a zone such as Europe/Berlin, or UTC.",
        )],
    }
}

fn start_window(rule: &BackupRule) -> Vec<Finding> {
    let rule = match rule.start_window() {
        minutes if minutes < AN_HOUR => format!("must be at least {AN_HOUR}"),
        minutes if minutes > LONGEST_WINDOW => format!("must be at most {LONGEST_WINDOW}"),
        _ => return Vec::new(),
    };
    vec![Finding::error(
        "StartWindowMinutes",
        rule,
        "Give jobs an hour or more to start; 480 is AWS's default.",
    )]
}

fn completion_window(rule: &BackupRule) -> Vec<Finding> {
    let start = rule.start_window();
    let Some(end) = rule.completion_window_minutes else {
        return Vec::new();
    };
    // The start window is told first.
    if !(AN_HOUR..=LONGEST_WINDOW).contains(&start) {
        return Vec::new();
    }
    let rule = if end < start + AN_HOUR {
        let of = if rule.start_window_minutes.is_some() {
            "StartWindowMinutes".to_owned()
        } else {
            format!("the start window, which is {start} where none is named")
        };
        format!(
            "must be at least {}: an hour more than {of}",
            start + AN_HOUR
        )
    } else if end > LONGEST_WINDOW {
        format!("must be at most {LONGEST_WINDOW}")
    } else {
        return Vec::new();
    };
    vec![Finding::error(
        "CompletionWindowMinutes",
        rule,
        "Lengthen it; 10080 minutes (7 days) is AWS's default.",
    )]
}

/// What a look finds in the rule's lifecycle and in those of its copies.
fn lifecycles(rule: &BackupRule, look: fn(&Lifecycle) -> Vec<Finding>) -> Vec<Finding> {
    let own = rule
        .lifecycle
        .iter()
        .map(|own| ("Lifecycle".to_owned(), own));
    let copies = rule
        .copies()
        .iter()
        .enumerate()
        .filter_map(|(index, copy)| {
            Some((
                format!("CopyActions[{index}].Lifecycle"),
                copy.lifecycle.as_ref()?,
            ))
        });
    own.chain(copies)
        .flat_map(|(path, lifecycle)| under(look(lifecycle), &path))
        .collect()
}

fn days(rule: &BackupRule) -> Vec<Finding> {
    lifecycles(rule, |lifecycle| {
        lifecycle
            .check_days()
            .into_iter()
            .map(|wrong| {
                Finding::error(
                    wrong.field,
                    wrong.rule,
                    "Write a number of days, or leave it empty for never.",
                )
            })
            .collect()
    })
}

fn cold(rule: &BackupRule) -> Vec<Finding> {
    lifecycles(rule, |lifecycle| {
        if !lifecycle.check_days().is_empty() {
            return Vec::new();
        }
        lifecycle
            .check_cold()
            .map(|wrong| {
                Finding::error(
                    wrong.field,
                    wrong.rule,
                    "Keep the points longer, or move them to cold storage earlier or never.",
                )
            })
            .into_iter()
            .collect()
    })
}

fn event(rule: &BackupRule) -> Vec<Finding> {
    lifecycles(rule, |lifecycle| {
        broken(
            lifecycle.delete_after_event.is_some(),
            "DeleteAfterEvent",
            "is not valid as an input: AWS sets it on points by itself",
            "Remove it. To delete points early once they are copied, keep them for few days.",
        )
    })
}

fn continuous_cold(rule: &BackupRule) -> Vec<Finding> {
    let cold = rule.lifecycle.as_ref().and_then(Lifecycle::cold_after);
    broken(
        rule.continuous() && cold.is_some(),
        "Lifecycle.MoveToColdStorageAfterDays",
        "must be absent: continuous backups do not move to cold storage",
        "Leave it empty, and add a rule with snapshots that move.",
    )
}

fn continuous_days(rule: &BackupRule) -> Vec<Finding> {
    let cold = rule.lifecycle.as_ref().and_then(Lifecycle::cold_after);
    let days = rule.keeps_days();
    let too_long = days.is_none_or(|days| days > Lifecycle::CONTINUOUS_DAYS);
    broken(
        rule.continuous() && cold.is_none() && too_long,
        "Lifecycle.DeleteAfterDays",
        "must be at most 35: continuous backups reach no further back",
        "Keep continuous points for 1 to 35 days, and add a rule with snapshots for more.",
    )
}

fn most_copies(rule: &BackupRule) -> Vec<Finding> {
    broken(
        rule.copies().len() > BackupRule::MAX_COPIES,
        "CopyActions",
        "must be at most 5",
        "Copy further from the copies, by another plan, or ask AWS for a higher quota.",
    )
}

fn copy_vault(rule: &BackupRule) -> Vec<Finding> {
    let is_vault = |arn: &str| {
        Arn::parse(arn).is_ok_and(|arn| {
            arn.service() == "backup" && arn.resource().starts_with("backup-vault:")
        })
    };
    rule.copies()
        .iter()
        .enumerate()
        .filter(|(_, copy)| !is_vault(&copy.destination_backup_vault_arn))
        .map(|(index, _)| {
            Finding::error(
                format!("CopyActions[{index}].DestinationBackupVaultArn"),
                "must be the ARN of a backup vault",
                "Choose a vault, or paste an ARN such as arn:aws:backup:eu-central-1:123456789012:backup-vault:name.",
            )
        })
        .collect()
}

fn index_actions(rule: &BackupRule) -> Vec<Finding> {
    let actions = rule
        .other
        .get("IndexActions")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut findings = broken(
        actions.len() > 1,
        "IndexActions",
        "must be at most one",
        "Keep the one whose resource type shall be searched.",
    );
    for (index, action) in actions.iter().enumerate() {
        let types: Vec<&str> = action
            .get("ResourceTypes")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if types.len() > 1 || types.iter().any(|kind| !matches!(*kind, "EBS" | "S3")) {
            findings.push(Finding::error(
                format!("IndexActions[{index}].ResourceTypes"),
                "must be one type, EBS or S3",
                "Write EBS or S3.",
            ));
        }
    }
    findings
}
