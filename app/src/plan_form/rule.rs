use std::collections::BTreeMap;

use tidemark_domain::{Invalid, plan::BackupRule};

use super::{
    CopyForm, LifecycleForm, ScheduleForm,
    pairs::{Fields, entry, json_of, keep, number, object_of, push, text_of},
};
use crate::zone;

/// A rule as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleForm {
    /// Name.
    pub name: String,
    /// Name of the vault.
    pub vault: String,
    /// When it runs.
    pub schedule: ScheduleForm,
    /// IANA name of the schedule's time zone; empty for UTC.
    pub zone: String,
    /// Minutes within which a job must start.
    pub start: String,
    /// Minutes within which a job must end.
    pub end: String,
    /// Lifecycle of the points.
    pub lifecycle: LifecycleForm,
    /// `true`, `false`, or empty for unset: continuous backup.
    pub continuous: String,
    /// Tags of the points.
    pub tags: Vec<(String, String)>,
    /// Copies of each point.
    pub copies: Vec<CopyForm>,
    /// Fields that the form does not show, as a JSON object.
    pub other: String,
}

impl RuleForm {
    /// What a new plan begins with.
    pub(super) fn first() -> Self {
        Self {
            name: "daily".to_owned(),
            start: "480".to_owned(),
            end: "10080".to_owned(),
            lifecycle: LifecycleForm {
                delete: "35".to_owned(),
                ..LifecycleForm::default()
            },
            ..Self::default()
        }
    }

    pub(super) fn of(rule: &BackupRule) -> Self {
        Self {
            name: rule.rule_name.clone(),
            vault: rule.target_backup_vault_name.clone(),
            schedule: ScheduleForm::of(rule.schedule()),
            zone: rule
                .schedule_expression_timezone
                .clone()
                .unwrap_or_default(),
            start: text_of(rule.start_window_minutes),
            end: text_of(rule.completion_window_minutes),
            lifecycle: LifecycleForm::of(rule.lifecycle.as_ref()),
            continuous: rule
                .enable_continuous_backup
                .map(|on| on.to_string())
                .unwrap_or_default(),
            tags: rule
                .recovery_point_tags
                .iter()
                .flatten()
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
            copies: rule.copies().iter().map(CopyForm::of).collect(),
            other: json_of(&rule.other),
        }
    }

    pub(super) fn set(&mut self, path: &[&str], value: String) {
        match path {
            ["name"] => self.name = value,
            ["vault"] => self.vault = value,
            ["zone"] => self.zone = value,
            ["start"] => self.start = value,
            ["end"] => self.end = value,
            ["continuous"] => self.continuous = value,
            // Comes before the tick box, which speaks last.
            ["continuous_off"] => "false".clone_into(&mut self.continuous),
            ["other"] => self.other = value,
            ["tag", index, part] => {
                if let Some(tag) = entry(&mut self.tags, index) {
                    match *part {
                        "key" => tag.0 = value,
                        "value" => tag.1 = value,
                        _ => {}
                    }
                }
            }
            ["copy", index, rest @ ..] => {
                if let Some(copy) = entry(&mut self.copies, index) {
                    copy.set(rest, value);
                }
            }
            [name] if self.lifecycle.set(name, value.clone()) => {}
            _ => self.schedule.set(path, value),
        }
    }

    pub(super) fn fields(&self, prefix: &str, fields: &mut Fields) {
        keep(fields, prefix, "name", &self.name);
        for (name, value) in [
            ("vault", &self.vault),
            ("zone", &self.zone),
            ("start", &self.start),
            ("end", &self.end),
            ("continuous", &self.continuous),
            ("other", &self.other),
        ] {
            push(fields, prefix, name, value);
        }
        self.schedule.fields(prefix, fields);
        self.lifecycle.fields(prefix, fields);
        for (index, (key, value)) in self.tags.iter().enumerate() {
            keep(fields, prefix, &format!("tag.{index}.key"), key);
            push(fields, prefix, &format!("tag.{index}.value"), value);
        }
        for (index, copy) in self.copies.iter().enumerate() {
            copy.fields(&format!("{prefix}copy.{index}."), fields);
        }
    }

    pub(super) fn rule(&self, path: &str, wrong: &mut Vec<Invalid>) -> BackupRule {
        let zone = self.zone.trim();
        if !zone.is_empty() && zone::find(zone).is_none() {
            wrong.push(Invalid::new(
                format!("{path}.ScheduleExpressionTimezone"),
                format!("{zone:?} must be the name of a time zone such as Europe/Berlin"),
            ));
        }
        let schedule = self.schedule.cron();
        if let Err(rule) = &schedule {
            wrong.push(Invalid::new(format!("{path}.ScheduleExpression"), *rule));
        }
        let start = number(&self.start, &format!("{path}.StartWindowMinutes"), wrong);
        let end = number(&self.end, &format!("{path}.CompletionWindowMinutes"), wrong);
        let copies: Vec<_> = self
            .copies
            .iter()
            .enumerate()
            .map(|(index, copy)| copy.copy(&format!("{path}.CopyActions[{index}]"), wrong))
            .collect();
        let tags = self.tags(path, wrong);
        BackupRule {
            rule_name: self.name.trim().to_owned(),
            target_backup_vault_name: self.vault.trim().to_owned(),
            schedule_expression: schedule.ok(),
            schedule_expression_timezone: Some(zone.to_owned()).filter(|zone| !zone.is_empty()),
            start_window_minutes: start,
            completion_window_minutes: end,
            lifecycle: self.lifecycle.lifecycle(path, wrong),
            recovery_point_tags: Some(tags).filter(|tags| !tags.is_empty()),
            copy_actions: Some(copies).filter(|copies| !copies.is_empty()),
            enable_continuous_backup: self.continuous.parse().ok(),
            other: object_of(&self.other),
        }
    }

    fn tags(&self, path: &str, wrong: &mut Vec<Invalid>) -> BTreeMap<String, String> {
        let mut tags = BTreeMap::new();
        for (index, (key, value)) in self.tags.iter().enumerate() {
            let key = key.trim();
            let rule = match key {
                "" if value.trim().is_empty() => continue,
                "" => "must have a key",
                key if key.starts_with("aws:") => {
                    "must not begin with aws:, which AWS keeps to itself"
                }
                key if tags.contains_key(key) => "must be there once",
                _ => "",
            };
            if !rule.is_empty() {
                let field = format!("{path}.RecoveryPointTags[{index}]");
                wrong.push(Invalid::new(field, rule));
            }
            tags.insert(key.to_owned(), value.trim().to_owned());
        }
        tags
    }
}
