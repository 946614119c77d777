//! Backup policies of AWS Organizations, as `create-policy` takes them and as `describe-effective-policy` answers them.

use serde_json::{Map, Value, json};

use super::{
    ImportContext, PlanBundle, Reading,
    coerce::Coercion,
    json::read,
    node::Node,
    schema::{Form, PLAN, SELECTION},
};
use crate::{
    Invalid,
    plan::{BackupPlan, Finding},
    selection::BackupSelection,
};

/// What stands for the id of the account that a policy makes a plan in.
const ACCOUNT: &str = "$account";
const ASSIGN: &str = "@@assign";
const APPEND: &str = "@@append";
const REMOVE: &str = "@@remove";
const ALLOWED: &str = "@@operators_allowed_for_child_policies";

/// Whether it is a backup policy, by its members.
pub fn is_backup_policy(document: &Value) -> bool {
    policy(document).is_some()
}

/// The policy itself: `describe-effective-policy` and `describe-policy` answer it as text.
fn policy(document: &Value) -> Option<Value> {
    if document.get("plans").is_some_and(Value::is_object) {
        return Some(document.clone());
    }
    let text = [
        "/EffectivePolicy/PolicyContent",
        "/Policy/Content",
        "/PolicyContent",
    ]
    .into_iter()
    .find_map(|path| document.pointer(path)?.as_str())?;
    let inside: Value = serde_json::from_str(text).ok()?;
    inside.get("plans")?.is_object().then_some(inside)
}

/// Reads the plans that a policy makes in an account and Region: the account's id stands in place of `$account`, and plans
/// for other Regions are told and left out. Where the file is not the effective policy, what other policies above and below
/// it add is not in it; that is told, too.
pub fn from_backup_policy(document: &Value, context: &ImportContext) -> Result<Reading, Invalid> {
    let policy =
        policy(document).ok_or_else(|| Invalid::new("policy", "must have a member plans"))?;
    let mut notes = Vec::new();
    if has_operators(&policy) {
        notes.push(Finding::warning(
            "policy",
            "is one policy of several that may apply: others of the organization may change what it makes",
            "Give the effective policy: aws organizations describe-effective-policy --policy-type BACKUP_POLICY --target-id ACCOUNT",
        ));
    }
    let policy = plain(&policy, "", &mut notes)?;
    let account = context.account.as_ref().map(ToString::to_string);
    let policy = match &account {
        Some(account) => with_account(policy, account),
        None => policy,
    };
    let mut plans = Vec::new();
    for (name, plan) in members(&policy, "plans") {
        let path = format!("plans.{name}");
        let regions = texts(plan.get("regions"));
        if let Some(region) = context.region.as_ref().map(ToString::to_string)
            && !regions.is_empty()
            && !regions.contains(&region)
        {
            notes.push(Finding::warning(
                format!("{path}.regions"),
                format!(
                    "has no {region}: no plan is made there, but in {}",
                    regions.join(", ")
                ),
                "Choose one of its Regions to see it.",
            ));
            continue;
        }
        plans.push(bundle(name, plan, &path)?);
    }
    Ok(Reading { plans, notes })
}

fn bundle(name: &str, plan: &Value, path: &str) -> Result<PlanBundle, Invalid> {
    let mut notes = unknown_members(
        plan,
        path,
        &[
            "regions",
            "rules",
            "selections",
            "advanced_backup_settings",
            "backup_plan_tags",
            "scan_settings",
        ],
    );
    let mut rules = Vec::new();
    for (rule_name, value) in members(plan, "rules") {
        rules.push(rule(
            rule_name,
            value,
            &format!("{path}.rules.{rule_name}"),
            &mut notes,
        ));
    }
    let mut document = Map::from_iter([
        ("BackupPlanName".to_owned(), Value::from(name)),
        ("Rules".to_owned(), Value::Array(rules)),
    ]);
    let settings = members(plan, "advanced_backup_settings")
        .into_iter()
        .map(|(kind, options)| {
            let options = entries(options).into_iter().map(|(option, value)| {
                let option = match option {
                    "windows_vss" => "WindowsVSS",
                    other => other,
                };
                (option.to_owned(), value.clone())
            });
            json!({
                "ResourceType": if kind == "ec2" { "EC2" } else { kind },
                "BackupOptions": options.collect::<Map<_, _>>(),
            })
        });
    let settings: Vec<Value> = settings.collect();
    if !settings.is_empty() {
        document.insert("AdvancedBackupSettings".to_owned(), Value::Array(settings));
    }
    let scans: Vec<Value> = members(plan, "scan_settings")
        .into_iter()
        .map(|(scanner, value)| {
            object([
                ("MalwareScanner", Some(Value::from(scanner))),
                ("ResourceTypes", value.get("resource_types").cloned()),
                ("ScannerRoleArn", value.get("scanner_role_arn").cloned()),
            ])
        })
        .collect();
    if !scans.is_empty() {
        document.insert("ScanSettings".to_owned(), Value::Array(scans));
    }
    let mut coercion = Coercion::new(Form::Api);
    let document = coercion.document(&Node::known(&Value::Object(document)), &PLAN, path, "")?;
    let mut read_plan: BackupPlan = read(document, path)?;
    let tags = tags(plan.get("backup_plan_tags"));
    if !tags.is_empty() {
        let path = format!("{path}.backup_plan_tags");
        let tags = Node::known(&Value::Object(tags));
        read_plan.set_tags(coercion.texts_by_name(&tags, &path, BackupPlan::TAGS)?);
    }
    let mut bundle = PlanBundle::from(read_plan);
    for (selection_name, document) in selections(plan) {
        let path = format!("{path}.selections.{selection_name}");
        let place = format!("Selections[{}]", bundle.backup_selections.len());
        let mut coercion = Coercion::new(Form::Api);
        let document = coercion.document(&Node::known(&document), &SELECTION, &path, &place)?;
        let selection: BackupSelection = read(document, &path)?;
        bundle.backup_selections.push(selection);
    }
    bundle.notes = notes;
    Ok(bundle)
}

fn rule(name: &str, rule: &Value, path: &str, notes: &mut Vec<Finding>) -> Value {
    const NAMES: [(&str, &str); 8] = [
        ("schedule_expression", "ScheduleExpression"),
        ("schedule_expression_timezone", "ScheduleExpressionTimezone"),
        ("start_backup_window_minutes", "StartWindowMinutes"),
        ("complete_backup_window_minutes", "CompletionWindowMinutes"),
        ("target_backup_vault_name", "TargetBackupVaultName"),
        (
            "target_logically_air_gapped_backup_vault_arn",
            "TargetLogicallyAirGappedBackupVaultArn",
        ),
        ("enable_continuous_backup", "EnableContinuousBackup"),
        ("lifecycle", "Lifecycle"),
    ];
    let mut known: Vec<&str> = NAMES.iter().map(|(own, _)| *own).collect();
    known.extend([
        "recovery_point_tags",
        "copy_actions",
        "index_actions",
        "scan_actions",
    ]);
    notes.extend(unknown_members(rule, path, &known));
    let mut made = Map::from_iter([("RuleName".to_owned(), Value::from(name))]);
    for (own, api) in NAMES {
        if let Some(value) = rule.get(own) {
            let value = if own == "lifecycle" {
                lifecycle(value)
            } else {
                value.clone()
            };
            made.insert(api.to_owned(), value);
        }
    }
    let tags = tags(rule.get("recovery_point_tags"));
    if !tags.is_empty() {
        made.insert("RecoveryPointTags".to_owned(), Value::Object(tags));
    }
    let copies: Vec<Value> = members(rule, "copy_actions")
        .into_iter()
        .map(|(key, copy)| {
            // The key is the vault's ARN as well; the member counts, which may name the account.
            let vault = copy.get("target_backup_vault_arn").cloned();
            object([
                (
                    "DestinationBackupVaultArn",
                    Some(vault.unwrap_or_else(|| Value::from(key))),
                ),
                ("Lifecycle", copy.get("lifecycle").map(lifecycle)),
            ])
        })
        .collect();
    if !copies.is_empty() {
        made.insert("CopyActions".to_owned(), Value::Array(copies));
    }
    if let Some(types) = rule.pointer("/index_actions/resource_types") {
        made.insert("IndexActions".to_owned(), json!([{"ResourceTypes": types}]));
    }
    let scans: Vec<Value> = members(rule, "scan_actions")
        .into_iter()
        .map(|(scanner, scan)| {
            object([
                ("MalwareScanner", Some(Value::from(scanner))),
                ("ScanMode", scan.get("scan_mode").cloned()),
            ])
        })
        .collect();
    if !scans.is_empty() {
        made.insert("ScanActions".to_owned(), Value::Array(scans));
    }
    Value::Object(made)
}

fn lifecycle(value: &Value) -> Value {
    object([
        (
            "MoveToColdStorageAfterDays",
            value.get("move_to_cold_storage_after_days").cloned(),
        ),
        ("DeleteAfterDays", value.get("delete_after_days").cloned()),
        (
            "OptInToArchiveForSupportedResources",
            value
                .get("opt_in_to_archive_for_supported_resources")
                .cloned(),
        ),
    ])
}

/// Selections by their names: each of those by tag takes what has one of its values, as the plan that AWS makes does.
fn selections(plan: &Value) -> Vec<(String, Value)> {
    let Some(selections) = plan.get("selections") else {
        return Vec::new();
    };
    let mut made = Vec::new();
    for (name, selection) in members(selections, "tags") {
        let values = texts(selection.get("tag_value"));
        let clauses: Vec<Value> = values
            .into_iter()
            .map(|value| {
                object([
                    ("ConditionType", Some(Value::from("STRINGEQUALS"))),
                    ("ConditionKey", selection.get("tag_key").cloned()),
                    ("ConditionValue", Some(Value::from(value))),
                ])
            })
            .collect();
        let document = object([
            ("SelectionName", Some(Value::from(name))),
            ("IamRoleArn", selection.get("iam_role_arn").cloned()),
            ("ListOfTags", Some(Value::Array(clauses))),
        ]);
        made.push((name.to_owned(), document));
    }
    for (name, selection) in members(selections, "resources") {
        let conditions: Map<String, Value> = members(selection, "conditions")
            .into_iter()
            .map(|(operator, list)| {
                let api = match operator {
                    "string_equals" => "StringEquals",
                    "string_not_equals" => "StringNotEquals",
                    "string_like" => "StringLike",
                    "string_not_like" => "StringNotLike",
                    other => other,
                };
                let list = entries(list).into_iter().map(|(_, one)| {
                    object([
                        ("ConditionKey", one.get("condition_key").cloned()),
                        ("ConditionValue", one.get("condition_value").cloned()),
                    ])
                });
                (api.to_owned(), list.collect())
            })
            .collect();
        let document = object([
            ("SelectionName", Some(Value::from(name))),
            ("IamRoleArn", selection.get("iam_role_arn").cloned()),
            ("Resources", selection.get("resource_types").cloned()),
            ("NotResources", selection.get("not_resource_types").cloned()),
            (
                "Conditions",
                (!conditions.is_empty()).then_some(Value::Object(conditions)),
            ),
        ]);
        made.push((name.to_owned(), document));
    }
    made
}

fn tags(value: Option<&Value>) -> Map<String, Value> {
    value
        .into_iter()
        .flat_map(entries)
        .filter_map(|(_, tag)| {
            let key = tag.get("tag_key")?.as_str()?;
            Some((key.to_owned(), tag.get("tag_value")?.clone()))
        })
        .collect()
}

/// The value of each operator's object: what the policy alone makes of it.
fn plain(value: &Value, path: &str, notes: &mut Vec<Finding>) -> Result<Value, Invalid> {
    let Value::Object(members) = value else {
        return Ok(value.clone());
    };
    if let Some(assigned) = members.get(ASSIGN) {
        return Ok(assigned.clone());
    }
    if let Some(appended) = members.get(APPEND) {
        notes.push(Finding::warning(
            path,
            "is added to what other policies say, which is not in the file",
            "Give the effective policy.",
        ));
        return Ok(appended.clone());
    }
    if members.contains_key(REMOVE) {
        return Err(Invalid::new(
            path,
            "takes away from what other policies say, which is not in the file: give the effective policy",
        ));
    }
    let mut made = Map::new();
    for (name, value) in members.iter().filter(|(name, _)| *name != ALLOWED) {
        if name.starts_with("@@") {
            return Err(Invalid::new(
                path,
                format!(
                    "has the operator {name}, which is none of {ASSIGN}, {APPEND} and {REMOVE}"
                ),
            ));
        }
        let path = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        made.insert(name.clone(), plain(value, &path, notes)?);
    }
    Ok(Value::Object(made))
}

fn has_operators(value: &Value) -> bool {
    match value {
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| name.starts_with("@@") || has_operators(value)),
        _ => false,
    }
}

fn with_account(value: Value, account: &str) -> Value {
    match value {
        Value::String(text) => Value::from(text.replace(ACCOUNT, account)),
        Value::Array(items) => items
            .into_iter()
            .map(|item| with_account(item, account))
            .collect(),
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(name, value)| (name.replace(ACCOUNT, account), with_account(value, account)))
                .collect(),
        ),
        other => other,
    }
}

fn unknown_members(value: &Value, path: &str, known: &[&str]) -> Vec<Finding> {
    entries(value)
        .into_iter()
        .filter(|(name, _)| !known.contains(name))
        .map(|(name, _)| {
            Finding::warning(
                format!("{path}.{name}"),
                "is no member that is known here, and is left out",
                "Look whether it is misspelt.",
            )
        })
        .collect()
}

/// The members of a member, by name.
fn members<'a>(value: &'a Value, name: &str) -> Vec<(&'a str, &'a Value)> {
    value.get(name).map(entries).unwrap_or_default()
}

fn entries(value: &Value) -> Vec<(&str, &Value)> {
    let members = value.as_object().into_iter().flatten();
    members
        .map(|(name, value)| (name.as_str(), value))
        .collect()
}

/// A list of texts, which may be one.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => {
            let texts = items.iter().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        }
        Some(Value::String(text)) => vec![text.clone()],
        _ => Vec::new(),
    }
}

fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let members = members.into_iter();
    let there = members.filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(there.collect())
}
