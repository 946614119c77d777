use serde_json::{Map, Value};

use super::{
    PlanBundle,
    coerce::Coercion,
    neighbours::{is_part_of_a_template, no_plan},
    node::Node,
    schema::{Form, PLAN, SELECTION, like},
};
use crate::{
    Invalid,
    plan::{BackupPlan, Finding},
    selection::BackupSelection,
};

/// What `GetBackupPlan` answers beside the plan that is AWS's own or of one call, and no part of the plan.
const OF_THE_ANSWER: [&str; 8] = [
    "BackupPlanArn",
    "BackupPlanId",
    "CreationDate",
    "CreatorRequestId",
    "DeletionDate",
    "LastExecutionDate",
    "ScheduledRunsPreview",
    "VersionId",
];
/// What stands beside a plan in our files, and in `CreateBackupPlan`.
const SELECTIONS: &str = "BackupSelections";

/// A plan as AWS's JSON. Alone it is what `aws backup create-backup-plan --backup-plan` takes; with tags or
/// selections it stands in a member `BackupPlan`, beside `BackupPlanTags` and `BackupSelections`.
pub fn to_json(bundle: &PlanBundle) -> Result<Value, Invalid> {
    let wrong = |error| Invalid::new("plan", format!("could not be written: {error}"));
    let mut plan = bundle.backup_plan.clone();
    let tags = plan.take_tags();
    let plan = serde_json::to_value(&plan).map_err(wrong)?;
    if tags.is_none() && bundle.backup_selections.is_empty() {
        return Ok(plan);
    }
    let mut members = Map::from_iter([("BackupPlan".to_owned(), plan)]);
    if let Some(tags) = tags {
        members.insert(BackupPlan::TAGS.to_owned(), tags);
    }
    if !bundle.backup_selections.is_empty() {
        let selections = serde_json::to_value(&bundle.backup_selections).map_err(wrong)?;
        members.insert(SELECTIONS.to_owned(), selections);
    }
    Ok(Value::Object(members))
}

/// Reads AWS's JSON: a plan, the answer of `get-backup-plan`, what `create-backup-plan` takes, or a plan
/// with its selections.
pub fn from_json(value: &Value) -> Result<PlanBundle, Invalid> {
    let Some(members) = value.as_object() else {
        return Err(Invalid::new("plan", "must be a JSON object"));
    };
    if let Some(text) = members
        .get("BackupPlanTemplateJson")
        .and_then(Value::as_str)
    {
        // The answer of `export-backup-plan-template`.
        let plan = serde_json::from_str(text).map_err(|error| {
            Invalid::new("BackupPlanTemplateJson", format!("is no JSON: {error}"))
        })?;
        return from_json(&plan);
    }
    if is_part_of_a_template(members) {
        return Err(no_plan(members));
    }
    let (plan, beside) = if let Some(plan) = members.get("BackupPlan") {
        let mut beside = members.clone();
        beside.remove("BackupPlan");
        (plan.clone(), beside)
    } else if members.contains_key("BackupPlanName") {
        alone(members)
    } else {
        return Err(no_plan(members));
    };
    envelope(plan, beside)
}

/// A plan without an envelope; what belongs beside a plan is taken out of it.
fn alone(members: &Map<String, Value>) -> (Value, Map<String, Value>) {
    let (beside, plan) = members
        .clone()
        .into_iter()
        .partition(|(name, _)| name == BackupPlan::TAGS || name == SELECTIONS);
    (Value::Object(plan), beside)
}

fn envelope(plan: Value, beside: Map<String, Value>) -> Result<PlanBundle, Invalid> {
    let mut notes = Vec::new();
    let plan = with_beside(plan, &beside, &mut notes);
    let mut coercion = Coercion::new(Form::Api);
    let document = coercion.document(&Node::known(&plan), &PLAN, "", "")?;
    let mut plan: BackupPlan = read(document, "plan")?;
    if let Some(tags) = beside.get(BackupPlan::TAGS) {
        let tags =
            coercion.texts_by_name(&Node::known(tags), BackupPlan::TAGS, BackupPlan::TAGS)?;
        plan.set_tags(tags);
    }
    let mut bundle = PlanBundle::from(plan);
    bundle.backup_selections = selections(beside.get(SELECTIONS))?;
    notes.extend(strangers(&beside));
    bundle.notes = notes;
    Ok(bundle)
}

/// AWS answers some members of a plan beside it (`AdvancedBackupSettings` of `GetBackupPlan`): they are put
/// into it, where the requests have them.
fn with_beside(mut plan: Value, beside: &Map<String, Value>, notes: &mut Vec<Finding>) -> Value {
    let Some(members) = plan.as_object_mut() else {
        return plan;
    };
    for (name, value) in beside {
        if PLAN.api(name).is_none() || value.is_null() {
            continue;
        }
        match members.get(name) {
            None | Some(Value::Null) => {
                members.insert(name.clone(), value.clone());
            }
            Some(inside) if inside == value => {}
            Some(_) => notes.push(Finding::warning(
                name.clone(),
                "stands in the plan and, with another value, beside it: the plan's own counts",
                "Remove one of the two.",
            )),
        }
    }
    plan
}

fn selections(value: Option<&Value>) -> Result<Vec<BackupSelection>, Invalid> {
    let list = match value {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(Invalid::new(SELECTIONS, "must be a list of selections")),
    };
    list.iter()
        .enumerate()
        .map(|(index, value)| {
            // The answer of `get-backup-selection` holds the selection itself inside.
            let document = value.get("BackupSelection").unwrap_or(value);
            let path = format!("Selections[{index}]");
            let document = Coercion::new(Form::Api).document(
                &Node::known(document),
                &SELECTION,
                &path,
                &path,
            )?;
            read(document, &path)
        })
        .collect()
}

/// Members beside the plan that nobody knows. They cannot be kept, so they are told.
fn strangers(beside: &Map<String, Value>) -> Vec<Finding> {
    let known = |name: &str| {
        OF_THE_ANSWER.contains(&name)
            || name == BackupPlan::TAGS
            || name == SELECTIONS
            || PLAN.api(name).is_some()
    };
    beside
        .iter()
        .filter(|(name, value)| !known(name) && !value.is_null())
        .map(|(name, _)| stranger(name))
        .collect()
}

/// A member beside the plan that would be lost: an error where it was probably meant to be one that counts.
fn stranger(name: &str) -> Finding {
    let rule = "is no member of a plan's file, and is left out";
    match like(name, [SELECTIONS, BackupPlan::TAGS, "BackupPlan"]) {
        Some(right) => Finding::error(name, rule, format!("Did you mean {right}?")),
        None => Finding::warning(
            name,
            rule,
            "Remove it, or write it into the plan if it belongs there.",
        ),
    }
}

pub(super) fn read<T: serde::de::DeserializeOwned>(value: Value, path: &str) -> Result<T, Invalid> {
    serde_json::from_value(value)
        .map_err(|error| Invalid::new(path, format!("cannot be read: {error}")))
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
