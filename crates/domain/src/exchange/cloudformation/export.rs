use serde_json::{Map, Value, json};

use super::{OF_LIFECYCLE, OF_PLAN, OF_RULE, OURS, PLAN, SELECTION};
use crate::{Invalid, exchange::PlanBundle};

/// A template with the plan and its selections, or with several plans.
pub fn to_cloudformation(bundles: &[PlanBundle]) -> Result<Value, Invalid> {
    let mut resources = Map::new();
    for bundle in bundles {
        let name = logical(
            "BackupPlan",
            &bundle.backup_plan.backup_plan_name,
            &resources,
        );
        let mut hidden = Hidden::default();
        let plan = plan(&to_value(&bundle.backup_plan)?, &mut hidden);
        resources.insert(
            name.clone(),
            hidden.resource(PLAN, &json!({"BackupPlan": plan})),
        );
        for selection in &bundle.backup_selections {
            let own = logical("BackupSelection", &selection.selection_name, &resources);
            let mut hidden = Hidden::default();
            let value = to_value(selection)?;
            let mut document = Map::new();
            for (member, value) in members(&value) {
                if selection.other.contains_key(member) {
                    hidden.hide("", member, value);
                } else {
                    document.insert(member.clone(), value.clone());
                }
            }
            resources.insert(
                own,
                hidden.resource(
                    SELECTION,
                    &json!({"BackupPlanId": {"Ref": name}, "BackupSelection": document}),
                ),
            );
        }
    }
    let names: Vec<&str> = bundles
        .iter()
        .map(|bundle| bundle.backup_plan.backup_plan_name.as_str())
        .collect();
    Ok(json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": format!("AWS Backup: {}", names.join(", ")).chars().take(1024).collect::<String>(),
        "Resources": resources,
    }))
}

fn to_value(value: &impl serde::Serialize) -> Result<Value, Invalid> {
    serde_json::to_value(value)
        .map_err(|error| Invalid::new("plan", format!("could not be written: {error}")))
}

/// Members that the schema has no place for, by path.
#[derive(Default)]
struct Hidden(Map<String, Value>);

impl Hidden {
    /// `under` is the path of the parent, empty for the document itself.
    fn hide(&mut self, under: &str, member: &str, value: &Value) {
        let member = member.replace('~', "~0").replace('/', "~1");
        let path = if under.is_empty() {
            member
        } else {
            format!("{under}/{member}")
        };
        // As text: a template's functions count in metadata, too, and the value may look like one.
        self.0.insert(path, Value::String(value.to_string()));
    }

    fn resource(self, kind: &str, properties: &Value) -> Value {
        let mut resource = json!({"Type": kind, "Properties": properties});
        if !self.0.is_empty() {
            resource["Metadata"] = json!({OURS: self.0});
        }
        resource
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn plan(value: &Value, hidden: &mut Hidden) -> Value {
    let mut plan = Map::new();
    for (member, value) in members(value) {
        match (member.as_str(), value) {
            ("BackupPlanName", _) => {
                plan.insert(member.clone(), value.clone());
            }
            ("Rules", Value::Array(rules)) => {
                let rules = rules
                    .iter()
                    .enumerate()
                    .map(|(index, value)| rule(value, &format!("Rules/{index}"), hidden))
                    .collect();
                plan.insert("BackupPlanRule".to_owned(), Value::Array(rules));
            }
            (name, _) if OF_PLAN.contains(&name) => {
                plan.insert(member.clone(), value.clone());
            }
            _ => hidden.hide("", member, value),
        }
    }
    Value::Object(plan)
}

fn rule(value: &Value, path: &str, hidden: &mut Hidden) -> Value {
    let mut rule = Map::new();
    for (member, value) in members(value) {
        let known = match (member.as_str(), value) {
            // Tags that look like a function would be taken for one.
            ("RecoveryPointTags", Value::Object(tags))
                if tags.len() == 1
                    && tags
                        .keys()
                        .any(|key| key == "Ref" || key.starts_with("Fn::")) =>
            {
                None
            }
            ("TargetBackupVaultName", _) => Some(("TargetBackupVault", value.clone())),
            ("Lifecycle", _) => {
                let under = lifecycle(value, &format!("{path}/Lifecycle"), hidden);
                Some(("Lifecycle", under))
            }
            ("CopyActions", Value::Array(copies)) => {
                let copies = copies
                    .iter()
                    .enumerate()
                    .map(|(index, value)| {
                        copy(value, &format!("{path}/CopyActions/{index}"), hidden)
                    })
                    .collect();
                Some(("CopyActions", Value::Array(copies)))
            }
            (
                name @ ("RuleName"
                | "ScheduleExpression"
                | "ScheduleExpressionTimezone"
                | "StartWindowMinutes"
                | "CompletionWindowMinutes"
                | "RecoveryPointTags"
                | "EnableContinuousBackup"),
                _,
            ) => Some((name, value.clone())),
            (name, _) if OF_RULE.contains(&name) => Some((name, value.clone())),
            _ => None,
        };
        match known {
            Some((name, value)) => {
                rule.insert(name.to_owned(), value);
            }
            None => hidden.hide(path, member, value),
        }
    }
    Value::Object(rule)
}

fn copy(value: &Value, path: &str, hidden: &mut Hidden) -> Value {
    let mut copy = Map::new();
    for (member, value) in members(value) {
        match member.as_str() {
            "DestinationBackupVaultArn" => {
                copy.insert(member.clone(), value.clone());
            }
            "Lifecycle" => {
                let under = lifecycle(value, &format!("{path}/Lifecycle"), hidden);
                copy.insert(member.clone(), under);
            }
            _ => hidden.hide(path, member, value),
        }
    }
    Value::Object(copy)
}

fn lifecycle(value: &Value, path: &str, hidden: &mut Hidden) -> Value {
    let mut lifecycle = Map::new();
    for (member, value) in members(value) {
        if OF_LIFECYCLE.contains(&member.as_str()) {
            lifecycle.insert(member.clone(), value.clone());
        } else {
            hidden.hide(path, member, value);
        }
    }
    Value::Object(lifecycle)
}

/// A logical id: letters and digits, begun by what it is, and unique in the template.
fn logical(kind: &str, name: &str, taken: &Map<String, Value>) -> String {
    let mut id = kind.to_owned();
    let mut upper = true;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() {
            upper = true;
        } else if upper {
            id.push(c.to_ascii_uppercase());
            upper = false;
        } else {
            id.push(c);
        }
    }
    let base = id.clone();
    let mut number = 2;
    while taken.contains_key(&id) {
        id = format!("{base}{number}");
        number += 1;
    }
    id
}
