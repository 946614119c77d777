use tidemark_domain::{
    plan::{Finding, SelectionDraft},
    selection::{BackupSelection, Condition, ConditionParameter, Conditions},
};

use super::pairs::{Fields, entry, json_of, keep, lines, object_of, push};

/// A selection as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelectionForm {
    /// `SelectionId` of the one that it was made from; empty for a new one.
    pub id: String,
    /// Name.
    pub name: String,
    /// Role that AWS Backup assumes.
    pub role: String,
    /// ARNs and patterns, one a line.
    pub resources: String,
    /// ARNs and patterns that are left out, one a line.
    pub except: String,
    /// Tags, any of which takes a resource.
    pub tags: Vec<(String, String)>,
    /// Conditions on tags, all of which must hold.
    pub conditions: Vec<ConditionForm>,
    /// Fields that the form does not show, as a JSON object.
    pub other: String,
}

/// A condition on a tag, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConditionForm {
    /// One of [`ConditionForm::KINDS`].
    pub kind: String,
    /// Tag key.
    pub key: String,
    /// Tag value or pattern.
    pub value: String,
}

impl ConditionForm {
    /// The kinds of conditions with what they mean.
    pub const KINDS: [(&str, &str); 4] = [
        ("equals", "is"),
        ("not_equals", "is not"),
        ("like", "matches"),
        ("not_like", "does not match"),
    ];
}

impl SelectionForm {
    pub(super) fn of(draft: &SelectionDraft) -> Self {
        let selection = &draft.selection;
        let conditions = &selection.conditions;
        let of = |kind: &str, list: &[ConditionParameter]| -> Vec<ConditionForm> {
            list.iter()
                .map(|condition| ConditionForm {
                    kind: kind.to_owned(),
                    key: condition.condition_key.clone(),
                    value: condition.condition_value.clone(),
                })
                .collect()
        };
        Self {
            id: draft.id.clone().unwrap_or_default(),
            name: selection.selection_name.clone(),
            role: selection.iam_role_arn.clone(),
            resources: selection.resources.join("\n"),
            except: selection.not_resources.join("\n"),
            tags: selection
                .list_of_tags
                .iter()
                .map(|tag| (tag.condition_key.clone(), tag.condition_value.clone()))
                .collect(),
            conditions: [
                of("equals", &conditions.string_equals),
                of("not_equals", &conditions.string_not_equals),
                of("like", &conditions.string_like),
                of("not_like", &conditions.string_not_like),
            ]
            .concat(),
            other: json_of(&selection.other),
        }
    }

    pub(super) fn set(&mut self, path: &[&str], value: String) {
        match path {
            ["id"] => self.id = value,
            ["name"] => self.name = value,
            ["role"] => self.role = value,
            ["resources"] => self.resources = value,
            ["except"] => self.except = value,
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
            ["condition", index, part] => {
                if let Some(condition) = entry(&mut self.conditions, index) {
                    match *part {
                        "kind" => condition.kind = value,
                        "key" => condition.key = value,
                        "value" => condition.value = value,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    pub(super) fn fields(&self, prefix: &str, fields: &mut Fields) {
        keep(fields, prefix, "name", &self.name);
        for (name, value) in [
            ("id", &self.id),
            ("role", &self.role),
            ("resources", &self.resources),
            ("except", &self.except),
            ("other", &self.other),
        ] {
            push(fields, prefix, name, value);
        }
        for (index, (key, value)) in self.tags.iter().enumerate() {
            keep(fields, prefix, &format!("tag.{index}.key"), key);
            push(fields, prefix, &format!("tag.{index}.value"), value);
        }
        for (index, condition) in self.conditions.iter().enumerate() {
            let prefix = format!("{prefix}condition.{index}.");
            keep(fields, &prefix, "kind", &condition.kind);
            push(fields, &prefix, "key", &condition.key);
            push(fields, &prefix, "value", &condition.value);
        }
    }

    /// The selection that this amounts to; rows that were left empty are none.
    pub(super) fn selection(&self) -> BackupSelection {
        let of = |kind: &str| -> Vec<ConditionParameter> {
            self.conditions
                .iter()
                .filter(|condition| {
                    let is = condition.kind.as_str();
                    (is == kind || (is.is_empty() && kind == "equals"))
                        && !condition.key.trim().is_empty()
                })
                .map(|condition| ConditionParameter {
                    condition_key: tag_key(&condition.key),
                    condition_value: condition.value.trim().to_owned(),
                })
                .collect()
        };
        BackupSelection {
            selection_name: self.name.trim().to_owned(),
            iam_role_arn: self.role.trim().to_owned(),
            resources: lines(&self.resources),
            not_resources: lines(&self.except),
            list_of_tags: self
                .tags
                .iter()
                .filter(|(key, _)| !key.trim().is_empty())
                .map(|(key, value)| Condition {
                    condition_type: "STRINGEQUALS".to_owned(),
                    condition_key: key.trim().to_owned(),
                    condition_value: value.trim().to_owned(),
                })
                .collect(),
            conditions: Conditions {
                string_equals: of("equals"),
                string_not_equals: of("not_equals"),
                string_like: of("like"),
                string_not_like: of("not_like"),
            },
            other: object_of(&self.other),
        }
    }

    /// Rows that could not be read: those with a value and no key.
    pub(super) fn unread(&self, path: &str) -> Vec<Finding> {
        let without_key = |field: &str, index: usize, key: &str, value: &str| {
            (key.trim().is_empty() && !value.trim().is_empty()).then(|| {
                let field = format!("{path}.{field}[{index}]");
                Finding::error(
                    field,
                    "must have a key",
                    "Write the tag's key, or remove the row.",
                )
            })
        };
        let tags = self.tags.iter().enumerate();
        let conditions = self.conditions.iter().enumerate();
        tags.filter_map(|(at, (key, value))| without_key("ListOfTags", at, key, value))
            .chain(conditions.filter_map(|(at, condition)| {
                without_key("Conditions", at, &condition.key, &condition.value)
            }))
            .collect()
    }
}

/// Conditions name a tag with this before its key.
fn tag_key(key: &str) -> String {
    let key = key.trim();
    if key.starts_with("aws:ResourceTag/") {
        key.to_owned()
    } else {
        format!("aws:ResourceTag/{key}")
    }
}
