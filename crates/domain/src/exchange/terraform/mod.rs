//! `aws_backup_plan` and `aws_backup_selection` of Terraform's AWS provider.

mod hcl;
mod import;
mod label;
mod resources;

pub use import::from_terraform;
pub use resources::is_terraform;
use serde::Serialize;
use serde_json::Value;

use self::{
    hcl::{Hcl, map, quote},
    label::Labels,
};
use super::{
    PlanBundle,
    schema::{Kind, Member, PLAN, SELECTION, Shape},
};
use crate::{Invalid, plan::BackupPlan};

/// Plans as Terraform configuration of the AWS provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terraform {
    /// The configuration.
    pub text: String,
    /// Paths of members that have no place in it.
    pub lost: Vec<String>,
}

/// Writes plans and their selections as `aws_backup_plan` and `aws_backup_selection`, each under a name of
/// its own.
pub fn to_terraform(bundles: &[PlanBundle]) -> Result<Terraform, Invalid> {
    let mut writer = Writer::default();
    let (mut plans, mut selections) = (Labels::default(), Labels::default());
    for bundle in bundles {
        let mut plan = with_defaults(&bundle.backup_plan);
        let tags = plan.take_tags();
        let name = plans.give(&plan.backup_plan_name);
        writer.resource("aws_backup_plan", &name);
        writer.object(&to_value(&plan)?, &PLAN, "", &[]);
        if let Some(Value::Object(tags)) = &tags {
            writer.blank();
            let tags = tags
                .iter()
                .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)));
            writer.hcl.set("tags", &map(tags));
        }
        writer.hcl.close();
        for selection in &bundle.backup_selections {
            let own = selections.give(&format!("{name}_{}", selection.selection_name));
            writer.resource("aws_backup_selection", &own);
            let plan = format!("aws_backup_plan.{name}.id");
            let under = format!("{}.", selection.selection_name);
            let value = to_value(selection)?;
            writer.object(&value, &SELECTION, &under, &[("plan_id", &plan)]);
            writer.hcl.close();
        }
    }
    Ok(Terraform {
        text: writer.hcl.into_text(),
        lost: writer.lost,
    })
}

fn to_value(value: &impl Serialize) -> Result<Value, Invalid> {
    serde_json::to_value(value)
        .map_err(|error| Invalid::new("plan", format!("could not be written: {error}")))
}

/// The plan with AWS's defaults written out where the provider has others: without them its start window
/// has 60 minutes and its completion window 180, in place of 480 and 10,080.
fn with_defaults(plan: &BackupPlan) -> BackupPlan {
    let mut plan = plan.clone();
    for rule in &mut plan.rules {
        rule.start_window_minutes = Some(rule.start_window());
        rule.completion_window_minutes = Some(rule.completion_window());
        let schedule = rule.schedule().to_owned();
        rule.schedule_expression = Some(schedule);
    }
    plan
}

#[derive(Default)]
struct Writer {
    hcl: Hcl,
    lost: Vec<String>,
    begun: bool,
}

impl Writer {
    fn resource(&mut self, kind: &str, name: &str) {
        if self.begun {
            self.hcl.blank();
        }
        self.begun = true;
        self.hcl.open(&format!("resource \"{kind}\" \"{name}\""));
    }

    fn blank(&mut self) {
        self.hcl.blank();
    }

    /// The members of an object: what is set first, then `more`, then what stands in blocks. What has no place
    /// is told under its path.
    fn object(&mut self, value: &Value, shape: &Shape, path: &str, more: &[(&str, &str)]) {
        let mut blocks = Vec::new();
        for member in shape.members {
            let (Some(value), Some(name)) = (value.get(member.api), member.terraform) else {
                continue;
            };
            match set(member, value) {
                Some(text) => self.hcl.set(name, &text),
                None => blocks.push((member, name, value)),
            }
        }
        for (name, value) in more {
            self.hcl.set(name, value);
        }
        for (member, name, value) in blocks {
            self.blocks(member, name, value, &format!("{path}{}", member.api));
        }
        for (name, _) in value.as_object().into_iter().flatten() {
            let member = shape.api(name);
            // AWS gives it; Terraform does not take it.
            let given = member.is_some_and(|member| member.given_by_aws);
            if !given && member.and_then(|member| member.terraform).is_none() {
                self.lost.push(format!("{path}{name}"));
            }
        }
    }

    fn blocks(&mut self, member: &Member, name: &str, value: &Value, path: &str) {
        match (member.kind, value) {
            (Kind::Object(shape), Value::Object(members)) if !members.is_empty() => {
                self.block(name, value, shape, &format!("{path}."));
            }
            (Kind::List(shape), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    if item.is_object() {
                        self.block(name, item, shape, &format!("{path}[{index}]."));
                    } else {
                        self.lost.push(format!("{path}[{index}]"));
                    }
                }
            }
            (Kind::Object(_), Value::Object(_)) | (_, Value::Null) => {}
            _ => self.lost.push(path.to_owned()),
        }
    }

    fn block(&mut self, name: &str, value: &Value, shape: &Shape, path: &str) {
        self.blank();
        self.hcl.open(name);
        self.object(value, shape, path, &[]);
        self.hcl.close();
    }
}

/// The value of an argument; nothing for one that stands in blocks, or that is not of the member's type.
fn set(member: &Member, value: &Value) -> Option<String> {
    match (member.kind, value) {
        (Kind::Text, Value::String(text)) => Some(quote(text)),
        (Kind::Whole, Value::Number(number)) => Some(number.to_string()),
        (Kind::Flag, Value::Bool(flag)) => Some(flag.to_string()),
        (Kind::Texts, Value::Array(items)) => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| item.as_str().map(quote)).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        (Kind::TextMap, Value::Object(members)) => {
            let pairs: Option<Vec<(&str, &str)>> = members
                .iter()
                .map(|(key, value)| Some((key.as_str(), value.as_str()?)))
                .collect();
            Some(map(pairs?.into_iter()))
        }
        _ => None,
    }
}
