use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{BackupPlan, Lifecycle};
use crate::selection::BackupSelection;

/// One field in which two plans differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Path of the field as the API spells it, lists by the names of their members:
    /// `Rules[daily].Lifecycle.DeleteAfterDays`.
    pub field: String,
    /// What it was, as JSON; none when it is new.
    pub before: Option<String>,
    /// What it becomes, as JSON; none when it goes.
    pub after: Option<String>,
}

/// Minutes of the start window where a rule names none: eight hours.
const START_WINDOW: i64 = 480;
/// Minutes of the completion window where a rule names none: seven days.
const COMPLETION_WINDOW: i64 = 10_080;

/// Fields that AWS sets by itself: no difference that anyone made.
const SET_BY_AWS: [&str; 1] = ["RuleId"];

/// In what two plans differ, field by field, in the order of the later one. Rules are matched by
/// name and copies by their vault, so that another order is no difference; a field that is left out
/// is what AWS takes for it.
///
/// The plan's own tags are compared where both sides know them.
pub fn diff_plans(before: &BackupPlan, after: &BackupPlan) -> Vec<Difference> {
    let (mut before, mut after) = (settled(before), settled(after));
    if before.tags().is_none() || after.tags().is_none() {
        before.take_tags();
        after.take_tags();
    }
    let mut differences = Vec::new();
    compare(
        "",
        as_value(&before).as_ref(),
        as_value(&after).as_ref(),
        &mut differences,
    );
    differences
}

/// The plan with what AWS takes for fields that are left out (`BackupRuleInput`).
fn settled(plan: &BackupPlan) -> BackupPlan {
    let mut plan = plan.clone();
    for rule in &mut plan.rules {
        rule.schedule_expression
            .get_or_insert_with(|| super::BackupRule::DEFAULT_SCHEDULE.to_owned());
        let zone = rule.schedule_expression_timezone.as_deref();
        if zone.is_none_or(|zone| matches!(zone, "" | "UTC" | "Etc/UTC")) {
            rule.schedule_expression_timezone = Some("Etc/UTC".to_owned());
        }
        rule.start_window_minutes.get_or_insert(START_WINDOW);
        rule.completion_window_minutes
            .get_or_insert(COMPLETION_WINDOW);
        rule.enable_continuous_backup.get_or_insert(false);
        settle(rule.lifecycle.as_mut());
        for copy in rule.copy_actions.iter_mut().flatten() {
            settle(copy.lifecycle.as_mut());
        }
    }
    plan
}

/// −1 and absent both mean never.
fn settle(lifecycle: Option<&mut Lifecycle>) {
    if let Some(lifecycle) = lifecycle {
        lifecycle.move_to_cold_storage_after_days = lifecycle.cold_after();
        lifecycle.delete_after_days = lifecycle.delete_after();
        if lifecycle.opt_in_to_archive_for_supported_resources == Some(false) {
            lifecycle.opt_in_to_archive_for_supported_resources = None;
        }
    }
}

/// In what two sets of selections differ, matched by name.
pub fn diff_selections(before: &[BackupSelection], after: &[BackupSelection]) -> Vec<Difference> {
    let named = |list: &[BackupSelection]| Value::Array(list.iter().filter_map(as_value).collect());
    let mut differences = Vec::new();
    compare(
        "Selections",
        Some(&named(before)),
        Some(&named(after)),
        &mut differences,
    );
    differences
}

/// Whether two plans do the same and have the same tags: nothing differs but what AWS sets by itself. Tags
/// that one side does not know are no difference.
pub fn same_plan(one: &BackupPlan, other: &BackupPlan) -> bool {
    let same_tags = match (one.tags(), other.tags()) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    same_tags && canonical_plan(one) == canonical_plan(other)
}

/// A text that two plans share exactly when they do the same: many are compared by it at once. What a plan
/// is tagged with is no part of what it does.
pub fn canonical_plan(plan: &BackupPlan) -> String {
    let mut text = String::new();
    let mut plan = settled(plan);
    plan.take_tags();
    if let Some(value) = as_value(&plan) {
        canonical(&value, &mut text);
    }
    text
}

/// Members and lists in the order of their names; what says nothing is left out.
fn canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let sorted: BTreeMap<&String, &Value> = members
                .iter()
                .filter(|(key, value)| {
                    !SET_BY_AWS.contains(&key.as_str()) && present(Some(value)).is_some()
                })
                .collect();
            text.push('{');
            for (key, value) in sorted {
                text.push_str(&Value::String(key.clone()).to_string());
                text.push(':');
                canonical(value, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(list) if list.iter().all(Value::is_object) => {
            let mut keyed = keyed(list);
            keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
            text.push('[');
            for (_, value) in keyed {
                canonical(&value, text);
                text.push(',');
            }
            text.push(']');
        }
        other => text.push_str(&other.to_string()),
    }
}

/// Whether two selections take the same in the same way.
pub fn same_selection(one: &BackupSelection, other: &BackupSelection) -> bool {
    let pair = |s: &BackupSelection| std::slice::from_ref(s).to_vec();
    diff_selections(&pair(one), &pair(other)).is_empty()
}

fn as_value<T: Serialize>(value: &T) -> Option<Value> {
    serde_json::to_value(value).ok()
}

fn compare(
    path: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    differences: &mut Vec<Difference>,
) {
    let (before, after) = (present(before), present(after));
    match (before, after) {
        (None, None) => {}
        (Some(Value::Object(one)), Some(Value::Object(other))) => {
            members(path, one, other, differences);
        }
        (Some(Value::Array(one)), Some(Value::Array(other)))
            if one.iter().chain(other).all(Value::is_object) =>
        {
            lists(path, one, other, differences);
        }
        (one, other) if one == other => {}
        (one, other) => differences.push(Difference {
            field: path.to_owned(),
            before: one.map(Value::to_string),
            after: other.map(Value::to_string),
        }),
    }
}

/// What is null or empty says no more than what is missing.
fn present(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| match value {
        Value::Null => false,
        Value::Array(list) => !list.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    })
}

fn members(
    path: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    differences: &mut Vec<Difference>,
) {
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    for key in after.keys().chain(gone) {
        if SET_BY_AWS.contains(&key.as_str()) {
            continue;
        }
        let path = if path.is_empty() {
            key.clone()
        } else {
            format!("{path}.{key}")
        };
        compare(&path, before.get(key), after.get(key), differences);
    }
}

fn lists(path: &str, before: &[Value], after: &[Value], differences: &mut Vec<Difference>) {
    let before = keyed(before);
    let after = keyed(after);
    let find = |list: &[(String, Value)], key: &str| {
        list.iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.clone())
    };
    let gone = before
        .iter()
        .filter(|(key, _)| !after.iter().any(|(other, _)| other == key));
    for (key, _) in after.iter().chain(gone) {
        compare(
            &format!("{path}[{key}]"),
            find(&before, key).as_ref(),
            find(&after, key).as_ref(),
            differences,
        );
    }
}

/// The members of a list by what names them; by their place where nothing does or two share a name.
fn keyed(list: &[Value]) -> Vec<(String, Value)> {
    let mut keyed: Vec<(String, Value)> = Vec::with_capacity(list.len());
    for (index, value) in list.iter().enumerate() {
        let key = name_of(value)
            .filter(|name| !keyed.iter().any(|(other, _)| other == name))
            .unwrap_or_else(|| index.to_string());
        keyed.push((key, value.clone()));
    }
    keyed
}

fn name_of(value: &Value) -> Option<String> {
    let text = |field: &str| value.get(field).and_then(Value::as_str);
    if let Some(key) = text("ConditionKey") {
        return Some(format!("{key}={}", text("ConditionValue").unwrap_or("")));
    }
    ["RuleName", "SelectionName", "DestinationBackupVaultArn"]
        .into_iter()
        .find_map(text)
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plan(rules: &Value) -> BackupPlan {
        serde_json::from_value(json!({"BackupPlanName": "gold", "Rules": rules})).unwrap_or_else(
            |error| BackupPlan {
                backup_plan_name: error.to_string(),
                rules: Vec::new(),
                other: Map::new(),
            },
        )
    }

    fn rule(name: &str, days: i64) -> Value {
        json!({"RuleName": name, "TargetBackupVaultName": "Default", "Lifecycle": {"DeleteAfterDays": days}})
    }

    fn fields(before: &Value, after: &Value) -> Vec<String> {
        diff_plans(&plan(before), &plan(after))
            .into_iter()
            .map(|difference| difference.field)
            .collect()
    }

    #[test]
    fn a_changed_retention_is_one_difference_with_both_values() {
        let differences = diff_plans(
            &plan(&json!([rule("daily", 35), rule("weekly", 90)])),
            &plan(&json!([rule("daily", 40), rule("weekly", 90)])),
        );
        assert_eq!(
            differences,
            [Difference {
                field: "Rules[daily].Lifecycle.DeleteAfterDays".to_owned(),
                before: Some("35".to_owned()),
                after: Some("40".to_owned()),
            }]
        );
    }

    #[test]
    fn the_order_of_rules_and_the_ids_of_aws_are_no_difference() {
        let mut with_id = rule("daily", 35);
        with_id["RuleId"] = json!("r-1");
        with_id["CopyActions"] = json!([]);
        assert!(
            fields(
                &json!([with_id, rule("weekly", 90)]),
                &json!([rule("weekly", 90), rule("daily", 35)])
            )
            .is_empty()
        );
    }

    #[test]
    fn what_aws_fills_in_is_no_difference() {
        let mut filled = rule("daily", 35);
        filled["ScheduleExpression"] = json!("cron(0 5 ? * * *)");
        filled["ScheduleExpressionTimezone"] = json!("Etc/UTC");
        filled["StartWindowMinutes"] = json!(480);
        filled["CompletionWindowMinutes"] = json!(10_080);
        filled["EnableContinuousBackup"] = json!(false);
        filled["Lifecycle"]["MoveToColdStorageAfterDays"] = json!(-1);
        assert!(fields(&json!([rule("daily", 35)]), &json!([filled])).is_empty());
    }

    #[test]
    fn a_rule_that_comes_or_goes_is_named_whole() {
        assert_eq!(
            fields(&json!([rule("daily", 35)]), &json!([rule("weekly", 35)])),
            ["Rules[weekly]", "Rules[daily]"]
        );
    }

    #[test]
    fn fields_that_nobody_knows_are_compared_too() {
        let mut one = rule("daily", 35);
        one["IndexActions"] = json!([{"ResourceTypes": ["S3"]}]);
        let mut other = rule("daily", 35);
        other["IndexActions"] = json!([{"ResourceTypes": ["EBS"]}]);
        assert_eq!(
            fields(&json!([one]), &json!([other])),
            ["Rules[daily].IndexActions[0].ResourceTypes"]
        );
    }

    #[test]
    fn plans_share_their_canonical_text_exactly_when_nothing_differs() {
        let mut other_order = rule("daily", 35);
        other_order["RuleId"] = json!("r-1");
        let one = plan(&json!([rule("daily", 35), rule("weekly", 90)]));
        let same = plan(&json!([rule("weekly", 90), other_order]));
        let other = plan(&json!([rule("daily", 36), rule("weekly", 90)]));
        assert_eq!(canonical_plan(&one), canonical_plan(&same));
        assert_ne!(canonical_plan(&one), canonical_plan(&other));
        assert!(same_plan(&one, &same) && !same_plan(&one, &other));
    }

    #[test]
    fn tags_are_compared_where_both_sides_know_them_and_are_no_drift() {
        let tagged = |tags: Value| {
            let mut plan = plan(&json!([rule("daily", 35)]));
            plan.set_tags(Some(tags));
            plan
        };
        let (unread, none) = (plan(&json!([rule("daily", 35)])), tagged(json!({})));
        let (gold, silver) = (tagged(json!({"a": "gold"})), tagged(json!({"a": "silver"})));
        assert!(same_plan(&unread, &gold) && diff_plans(&gold, &unread).is_empty());
        assert!(!same_plan(&none, &gold) && !same_plan(&gold, &silver));
        let fields: Vec<String> = diff_plans(&none, &gold)
            .into_iter()
            .chain(diff_plans(&gold, &silver))
            .map(|difference| difference.field)
            .collect();
        assert_eq!(fields, ["BackupPlanTags", "BackupPlanTags.a"]);
        assert_eq!(canonical_plan(&gold), canonical_plan(&silver));
    }

    #[test]
    fn two_conditions_on_one_key_are_kept_apart() {
        let selection = |value: &str| BackupSelection {
            selection_name: "s".to_owned(),
            list_of_tags: vec![crate::selection::Condition {
                condition_type: "STRINGEQUALS".to_owned(),
                condition_key: "stage".to_owned(),
                condition_value: value.to_owned(),
            }],
            ..BackupSelection::default()
        };
        assert!(same_selection(&selection("prod"), &selection("prod")));
        let differences = diff_selections(&[selection("prod")], &[selection("test")]);
        assert_eq!(differences.len(), 2);
    }
}
