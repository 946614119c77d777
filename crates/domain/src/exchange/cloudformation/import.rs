use serde_json::{Map, Value, json};

use super::{
    OURS, PLAN, SELECTION,
    resolve::{ImportContext, Resolver},
};
use crate::{Invalid, exchange::PlanBundle};

/// Reads every plan of a template, with its selections, in the order of their logical ids.
///
/// References are resolved where the template or the context tells what they stand for; the error names
/// the place of one that nobody can resolve.
pub fn from_cloudformation(
    template: &Value,
    context: &ImportContext,
) -> Result<Vec<PlanBundle>, Invalid> {
    let resources = template
        .get("Resources")
        .and_then(Value::as_object)
        .ok_or_else(|| Invalid::new("template", "must have a member Resources"))?;
    let resolver = Resolver::new(template, context);
    let mut bundles: Vec<(&str, PlanBundle)> = Vec::new();
    for (id, resource) in sorted(resources) {
        if resource.get("Type").and_then(Value::as_str) == Some(PLAN) {
            bundles.push((id, PlanBundle::from(plan(id, resource, &resolver)?)));
        }
    }
    if bundles.is_empty() {
        return Err(Invalid::new(
            "template",
            format!("must hold a resource of the type {PLAN}"),
        ));
    }
    for (id, resource) in sorted(resources) {
        if resource.get("Type").and_then(Value::as_str) != Some(SELECTION) {
            continue;
        }
        let of = resource
            .pointer("/Properties/BackupPlanId")
            .and_then(target);
        let Some((_, bundle)) = bundles.iter_mut().find(|(plan, _)| Some(*plan) == of) else {
            return Err(Invalid::new(
                format!("{id}.BackupPlanId"),
                "must refer to a plan of the template, as {\"Ref\": \"LogicalId\"}",
            ));
        };
        let path = format!("{id}.BackupSelection");
        let document = resource
            .pointer("/Properties/BackupSelection")
            .ok_or_else(|| Invalid::new(&path, "is missing"))?;
        let mut document = resolver.resolve(document, &path)?;
        restore(&mut document, resource);
        let selection = serde_json::from_value(document)
            .map_err(|error| Invalid::new(path, format!("cannot be read: {error}")))?;
        bundle.backup_selections.push(selection);
    }
    Ok(bundles.into_iter().map(|(_, bundle)| bundle).collect())
}

fn sorted(resources: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let mut sorted: Vec<(&str, &Value)> = resources
        .iter()
        .map(|(id, value)| (id.as_str(), value))
        .collect();
    sorted.sort_by_key(|(id, _)| *id);
    sorted
}

/// The logical id that `Ref` or `Fn::GetAtt` names.
fn target(value: &Value) -> Option<&str> {
    if let Some(id) = value.get("Ref").and_then(Value::as_str) {
        return Some(id);
    }
    match value.get("Fn::GetAtt")? {
        Value::Array(parts) => parts.first()?.as_str(),
        Value::String(text) => text.split('.').next(),
        _ => None,
    }
}

fn plan(
    id: &str,
    resource: &Value,
    resolver: &Resolver<'_>,
) -> Result<crate::plan::BackupPlan, Invalid> {
    let path = format!("{id}.BackupPlan");
    let document = resource
        .pointer("/Properties/BackupPlan")
        .ok_or_else(|| Invalid::new(&path, "is missing"))?;
    let mut document = resolver.resolve(document, &path)?;
    rename(&mut document, "BackupPlanRule", "Rules");
    // A template may give a single rule without a list.
    if let Some(rules) = document.get_mut("Rules") {
        if rules.is_object() {
            *rules = json!([rules.take()]);
        }
        for rule in rules.as_array_mut().into_iter().flatten() {
            rename(rule, "TargetBackupVault", "TargetBackupVaultName");
        }
    }
    restore(&mut document, resource);
    numbers(&mut document);
    serde_json::from_value(document)
        .map_err(|error| Invalid::new(path, format!("cannot be read: {error}")))
}

fn rename(value: &mut Value, from: &str, to: &str) {
    if let Some(members) = value.as_object_mut()
        && let Some(value) = members.remove(from)
    {
        members.insert(to.to_owned(), value);
    }
}

/// Puts back what the schema had no place for.
fn restore(document: &mut Value, resource: &Value) {
    let hidden = resource
        .pointer(&format!("/Metadata/{OURS}"))
        .and_then(Value::as_object);
    for (path, value) in hidden.into_iter().flatten() {
        let (parent, member) = path.rsplit_once('/').unwrap_or(("", path));
        let pointer = if parent.is_empty() {
            String::new()
        } else {
            format!("/{parent}")
        };
        if let Some(Value::Object(members)) = document.pointer_mut(&pointer) {
            let member = member.replace("~1", "/").replace("~0", "~");
            let value = value
                .as_str()
                .and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_else(|| value.clone());
            members.insert(member, value);
        }
    }
}

/// Templates may write numbers and flags as text.
fn numbers(document: &mut Value) {
    const NUMBERS: [&str; 4] = [
        "StartWindowMinutes",
        "CompletionWindowMinutes",
        "DeleteAfterDays",
        "MoveToColdStorageAfterDays",
    ];
    const FLAGS: [&str; 2] = [
        "EnableContinuousBackup",
        "OptInToArchiveForSupportedResources",
    ];
    match document {
        Value::Object(members) => {
            for (member, value) in members {
                match value.as_str() {
                    Some(text) if NUMBERS.contains(&member.as_str()) => {
                        if let Ok(number) = text.parse::<i64>() {
                            *value = json!(number);
                        }
                    }
                    Some(text) if FLAGS.contains(&member.as_str()) => {
                        if let Ok(flag) = text.parse::<bool>() {
                            *value = json!(flag);
                        }
                    }
                    _ => numbers(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(numbers),
        _ => {}
    }
}
