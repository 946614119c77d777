use serde_json::{Map, Value, json};

use super::{OURS, PLAN, SELECTION};
use crate::{
    Invalid,
    exchange::{
        PlanBundle,
        schema::{self, Kind, Shape},
    },
    plan::BackupPlan,
};

/// Plans as a template.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// The template.
    pub value: Value,
    /// Paths of members that `CloudFormation` has no place for. They travel in the template's metadata and
    /// come back when it is read here; a stack made from it does not have them.
    pub lost: Vec<String>,
}

/// A template with the plan and its selections, or with several plans.
pub fn to_cloudformation(bundles: &[PlanBundle]) -> Result<Template, Invalid> {
    let mut resources = Map::new();
    let mut lost = Vec::new();
    for bundle in bundles {
        let mut plan = bundle.backup_plan.clone();
        let tags = plan.take_tags();
        let name = logical("BackupPlan", &plan.backup_plan_name, &resources);
        let mut hidden = Hidden::default();
        let document = hidden.object(&to_value(&plan)?, &schema::PLAN, "");
        let mut properties = json!({"BackupPlan": document});
        if let Some(tags) = tags {
            if is_function(&tags) {
                hidden.hide("", BackupPlan::TAGS, &tags);
            } else {
                properties[BackupPlan::TAGS] = tags;
            }
        }
        lost.extend(hidden.lost(""));
        resources.insert(name.clone(), hidden.resource(PLAN, &properties));
        for selection in &bundle.backup_selections {
            let own = logical("BackupSelection", &selection.selection_name, &resources);
            let mut hidden = Hidden::default();
            let document = hidden.object(&to_value(selection)?, &schema::SELECTION, "");
            lost.extend(hidden.lost(&format!("{}.", selection.selection_name)));
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
    Ok(Template {
        value: json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": format!("AWS Backup: {}", names.join(", ")).chars().take(1024).collect::<String>(),
            "Resources": resources,
        }),
        lost,
    })
}

fn to_value(value: &impl serde::Serialize) -> Result<Value, Invalid> {
    serde_json::to_value(value)
        .map_err(|error| Invalid::new("plan", format!("could not be written: {error}")))
}

/// Members that the schema has no place for, by path.
#[derive(Default)]
struct Hidden {
    members: Map<String, Value>,
    /// Those of them that somebody wrote, as people write paths.
    paths: Vec<String>,
}

impl Hidden {
    /// The object as `CloudFormation` names its members; what it has no place for is hidden.
    fn object(&mut self, value: &Value, shape: &Shape, under: &str) -> Value {
        let mut object = Map::new();
        for (name, value) in value.as_object().into_iter().flatten() {
            let member = shape.api(name);
            let place = member.and_then(|member| member.cloudformation);
            let (Some(member), Some(place)) = (member, place) else {
                self.hide(under, name, value);
                if member.is_some_and(|member| member.given_by_aws) {
                    self.paths.pop();
                }
                continue;
            };
            let inside = if under.is_empty() {
                name.clone()
            } else {
                format!("{under}/{name}")
            };
            let written = match (member.kind, value) {
                (Kind::Object(shape), Value::Object(_)) => self.object(value, shape, &inside),
                (Kind::List(shape), Value::Array(items)) => items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| match item {
                        Value::Object(_) => self.object(item, shape, &format!("{inside}/{index}")),
                        other => other.clone(),
                    })
                    .collect(),
                // Tags that look like a function would be taken for one.
                (Kind::TextMap, map) if is_function(map) => {
                    self.hide(under, name, value);
                    continue;
                }
                _ => value.clone(),
            };
            object.insert(place.to_owned(), written);
        }
        Value::Object(object)
    }

    /// `under` is the path of the parent, empty for the document itself.
    fn hide(&mut self, under: &str, member: &str, value: &Value) {
        self.paths.push(readable(under, member));
        let member = member.replace('~', "~0").replace('/', "~1");
        let path = if under.is_empty() {
            member
        } else {
            format!("{under}/{member}")
        };
        // As text: a template's functions count in metadata, too, and the value may look like one.
        self.members.insert(path, Value::String(value.to_string()));
    }

    fn lost(&self, before: &str) -> Vec<String> {
        self.paths
            .iter()
            .map(|path| format!("{before}{path}"))
            .collect()
    }

    fn resource(self, kind: &str, properties: &Value) -> Value {
        let mut resource = json!({"Type": kind, "Properties": properties});
        if !self.members.is_empty() {
            resource["Metadata"] = json!({OURS: self.members});
        }
        resource
    }
}

/// `Rules/0/Lifecycle` and `X` as `Rules[0].Lifecycle.X`.
fn readable(under: &str, member: &str) -> String {
    let mut path = String::new();
    for part in under.split('/').filter(|part| !part.is_empty()) {
        if part.bytes().all(|b| b.is_ascii_digit()) {
            path = format!("{path}[{part}]");
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(part);
        }
    }
    if path.is_empty() {
        member.to_owned()
    } else {
        format!("{path}.{member}")
    }
}

fn is_function(value: &Value) -> bool {
    value.as_object().is_some_and(|members| {
        members.len() == 1
            && members
                .keys()
                .any(|key| key == "Ref" || key.starts_with("Fn::"))
    })
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
