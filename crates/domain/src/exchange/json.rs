use serde_json::{Map, Value};

use super::PlanBundle;
use crate::{Invalid, strict};

/// What may stand beside a plan: its selections, and what the requests and answers of AWS Backup's
/// `CreateBackupPlan`, `UpdateBackupPlan` and `GetBackupPlan` have there.
const BESIDE: [&str; 13] = [
    "BackupPlan",
    "BackupSelections",
    "BackupPlanTags",
    "BackupPlanId",
    "BackupPlanArn",
    "BackupPlanName",
    "VersionId",
    "CreatorRequestId",
    "CreationDate",
    "DeletionDate",
    "LastExecutionDate",
    "AdvancedBackupSettings",
    "ScheduledRunsPreview",
];

/// A plan as AWS's JSON. Without selections it is what `aws backup create-backup-plan --backup-plan`
/// takes; with selections it has the members `BackupPlan` and `BackupSelections`.
pub fn to_json(bundle: &PlanBundle) -> Result<Value, Invalid> {
    let value = if bundle.backup_selections.is_empty() {
        serde_json::to_value(&bundle.backup_plan)
    } else {
        serde_json::to_value(bundle)
    };
    value.map_err(|error| Invalid::new("plan", format!("could not be written: {error}")))
}

/// Reads AWS's JSON: a plan, the answer of `get-backup-plan`, or a plan with its selections.
pub fn from_json(value: &Value) -> Result<PlanBundle, Invalid> {
    let Some(members) = value.as_object() else {
        return Err(Invalid::new("plan", "must be a JSON object"));
    };
    let wrong = |error: serde_json::Error| Invalid::new("plan", format!("cannot be read: {error}"));
    if members.contains_key("BackupPlan") {
        // A misspelt member would be left behind without a word, and with it what the plan takes.
        strict::known_names(members.keys().map(String::as_str), &BESIDE)?;
        serde_json::from_value(value.clone()).map_err(wrong)
    } else if members.contains_key("BackupPlanName") {
        serde_json::from_value(value.clone())
            .map(|plan| PlanBundle {
                backup_plan: plan,
                backup_selections: Vec::new(),
            })
            .map_err(wrong)
    } else {
        Err(Invalid::new(
            "plan",
            "must have a member BackupPlanName (as create-backup-plan takes it) or BackupPlan (as get-backup-plan answers it)",
        ))
    }
}

/// The text of a JSON value in one form: members by name, two spaces, and without what says nothing
/// (null, and empty lists and objects), so that equal plans have equal bytes.
pub fn normalised(value: &Value) -> String {
    let mut text = format!("{:#}", sorted(value));
    text.push('\n');
    text
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            let members: Map<String, Value> = names
                .into_iter()
                .filter_map(|name| {
                    let value = sorted(members.get(name)?);
                    (!says_nothing(&value)).then(|| (name.clone(), value))
                })
                .collect();
            Value::Object(members)
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use serde_json::json;

    use super::*;

    #[test]
    fn a_misspelt_member_beside_a_plan_is_named_and_nothing_is_dropped_unsaid() {
        let plan = json!({"BackupPlanName": "p", "Rules": []});
        let refused = from_json(&json!({"BackupPlan": plan, "Selections": []})).unwrap_err();
        assert_eq!(refused.field, "Selections");
        assert!(
            refused.rule.contains("BackupSelections"),
            "{}",
            refused.rule
        );
        let answer = json!({
            "BackupPlan": plan, "BackupPlanId": "i", "BackupPlanArn": "a", "VersionId": "v",
            "CreationDate": 1, "LastExecutionDate": 2, "AdvancedBackupSettings": [],
        });
        assert!(from_json(&answer).is_ok());
    }
}
