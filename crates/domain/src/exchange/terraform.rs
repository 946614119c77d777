use std::fmt::Write as _;

use serde_json::Value;

use super::PlanBundle;
use crate::{
    plan::{BackupPlan, BackupRule, CopyAction, Lifecycle},
    selection::{BackupSelection, ConditionParameter},
};

/// A plan as Terraform configuration of the AWS provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terraform {
    /// The configuration.
    pub text: String,
    /// Paths of fields that have no place in it.
    pub lost: Vec<String>,
}

/// Writes a plan and its selections as `aws_backup_plan` and `aws_backup_selection`.
pub fn to_terraform(bundle: &PlanBundle) -> Terraform {
    let mut writer = Writer::default();
    let name = label(&bundle.backup_plan.backup_plan_name);
    writer.plan(&bundle.backup_plan, &name);
    let mut taken: Vec<String> = Vec::new();
    for selection in &bundle.backup_selections {
        let mut own = format!("{name}_{}", label(&selection.selection_name));
        while taken.contains(&own) {
            own.push('_');
        }
        writer.text.push('\n');
        writer.selection(selection, &name, &own);
        taken.push(own);
    }
    Terraform {
        text: writer.text,
        lost: writer.lost,
    }
}

#[derive(Default)]
struct Writer {
    text: String,
    depth: usize,
    lost: Vec<String>,
}

impl Writer {
    fn plan(&mut self, plan: &BackupPlan, name: &str) {
        self.open(&format!("resource \"aws_backup_plan\" \"{name}\""));
        self.set("name", &quote(&plan.backup_plan_name));
        for (index, rule) in plan.rules.iter().enumerate() {
            self.text.push('\n');
            self.rule(rule, &format!("Rules[{index}]"));
        }
        for (member, value) in &plan.other {
            match (member.as_str(), value) {
                ("AdvancedBackupSettings", Value::Array(settings)) => {
                    for setting in settings {
                        self.advanced(setting);
                    }
                }
                _ => self.lost.push(member.clone()),
            }
        }
        self.close();
    }

    fn advanced(&mut self, setting: &Value) {
        self.text.push('\n');
        self.open("advanced_backup_setting");
        if let Some(options) = setting.get("BackupOptions").and_then(Value::as_object) {
            let pairs = options
                .iter()
                .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)));
            let text = map(pairs);
            self.set("backup_options", &text);
        }
        if let Some(kind) = setting.get("ResourceType").and_then(Value::as_str) {
            self.set("resource_type", &quote(kind));
        }
        self.close();
    }

    fn rule(&mut self, rule: &BackupRule, path: &str) {
        self.open("rule");
        self.set("rule_name", &quote(&rule.rule_name));
        self.set("target_vault_name", &quote(&rule.target_backup_vault_name));
        self.set("schedule", &quote(rule.schedule()));
        if let Some(zone) = &rule.schedule_expression_timezone {
            self.set("schedule_expression_timezone", &quote(zone));
        }
        if let Some(minutes) = rule.start_window_minutes {
            self.set("start_window", &minutes.to_string());
        }
        if let Some(minutes) = rule.completion_window_minutes {
            self.set("completion_window", &minutes.to_string());
        }
        if let Some(on) = rule.enable_continuous_backup {
            self.set("enable_continuous_backup", &on.to_string());
        }
        if let Some(tags) = &rule.recovery_point_tags {
            let text = map(tags
                .iter()
                .map(|(key, value)| (key.as_str(), value.as_str())));
            self.set("recovery_point_tags", &text);
        }
        if let Some(lifecycle) = &rule.lifecycle {
            self.lifecycle(lifecycle, path);
        }
        for (index, copy) in rule.copies().iter().enumerate() {
            self.copy(copy, &format!("{path}.CopyActions[{index}]"));
        }
        for (member, value) in &rule.other {
            match (member.as_str(), value) {
                ("TargetLogicallyAirGappedBackupVaultArn", Value::String(arn)) => {
                    self.set("target_logically_air_gapped_backup_vault_arn", &quote(arn));
                }
                // AWS gives it; Terraform does not take it.
                ("RuleId", _) => {}
                _ => self.lost.push(format!("{path}.{member}")),
            }
        }
        self.close();
    }

    fn lifecycle(&mut self, lifecycle: &Lifecycle, path: &str) {
        self.text.push('\n');
        self.open("lifecycle");
        if let Some(days) = lifecycle.move_to_cold_storage_after_days {
            self.set("cold_storage_after", &days.to_string());
        }
        if let Some(days) = lifecycle.delete_after_days {
            self.set("delete_after", &days.to_string());
        }
        if let Some(on) = lifecycle.opt_in_to_archive_for_supported_resources {
            self.set("opt_in_to_archive_for_supported_resources", &on.to_string());
        }
        self.close();
        if lifecycle.delete_after_event.is_some() {
            self.lost.push(format!("{path}.Lifecycle.DeleteAfterEvent"));
        }
        for member in lifecycle.other.keys() {
            self.lost.push(format!("{path}.Lifecycle.{member}"));
        }
    }

    fn copy(&mut self, copy: &CopyAction, path: &str) {
        self.text.push('\n');
        self.open("copy_action");
        self.set(
            "destination_vault_arn",
            &quote(&copy.destination_backup_vault_arn),
        );
        if let Some(lifecycle) = &copy.lifecycle {
            self.lifecycle(lifecycle, path);
        }
        self.close();
        for member in copy.other.keys() {
            self.lost.push(format!("{path}.{member}"));
        }
    }

    fn selection(&mut self, selection: &BackupSelection, plan: &str, own: &str) {
        self.open(&format!("resource \"aws_backup_selection\" \"{own}\""));
        self.set("name", &quote(&selection.selection_name));
        self.set("plan_id", &format!("aws_backup_plan.{plan}.id"));
        self.set("iam_role_arn", &quote(&selection.iam_role_arn));
        for (name, arns) in [
            ("resources", &selection.resources),
            ("not_resources", &selection.not_resources),
        ] {
            if !arns.is_empty() {
                let arns: Vec<String> = arns.iter().map(|arn| quote(arn)).collect();
                self.set(name, &format!("[{}]", arns.join(", ")));
            }
        }
        for tag in &selection.list_of_tags {
            self.text.push('\n');
            self.open("selection_tag");
            self.set("type", &quote(&tag.condition_type));
            self.set("key", &quote(&tag.condition_key));
            self.set("value", &quote(&tag.condition_value));
            self.close();
        }
        if !selection.conditions.is_empty() {
            self.text.push('\n');
            self.open("condition");
            let all: [(&str, &[ConditionParameter]); 4] = [
                ("string_equals", &selection.conditions.string_equals),
                ("string_not_equals", &selection.conditions.string_not_equals),
                ("string_like", &selection.conditions.string_like),
                ("string_not_like", &selection.conditions.string_not_like),
            ];
            for (name, parameters) in all {
                for parameter in parameters {
                    self.open(name);
                    self.set("key", &quote(&parameter.condition_key));
                    self.set("value", &quote(&parameter.condition_value));
                    self.close();
                }
            }
            self.close();
        }
        self.close();
        for member in selection.other.keys() {
            self.lost
                .push(format!("{}.{member}", selection.selection_name));
        }
    }

    fn open(&mut self, head: &str) {
        self.line(&format!("{head} {{"));
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.line("}");
    }

    fn set(&mut self, name: &str, value: &str) {
        self.line(&format!("{name} = {value}"));
    }

    fn line(&mut self, line: &str) {
        let indent = self.depth * 2;
        let _ = writeln!(self.text, "{:indent$}{line}", "");
    }
}

/// A name that Terraform takes as a label.
fn label(name: &str) -> String {
    let mut label: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    if !label.starts_with(|c: char| c.is_ascii_alphabetic()) {
        label.insert_str(0, "plan_");
    }
    label
}

fn map<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<String> = pairs
        .map(|(key, value)| format!("{} = {}", quote(key), quote(value)))
        .collect();
    format!("{{ {} }}", pairs.join(", "))
}

/// A quoted template of HCL that stands for exactly this text.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') => {
                quoted.push(c);
                quoted.push(c);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
