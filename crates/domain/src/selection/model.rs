use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Which resources a plan takes (`BackupSelection`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct BackupSelection {
    /// Name.
    pub selection_name: String,
    /// Role that AWS Backup assumes.
    pub iam_role_arn: String,
    /// ARNs, whole or with a trailing `*`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// ARNs that are left out, whole or with a trailing `*`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_resources: Vec<String>,
    /// Tags, any of which takes a resource.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub list_of_tags: Vec<Condition>,
    /// Tags, all of which a resource must match.
    #[serde(default, skip_serializing_if = "Conditions::is_empty")]
    pub conditions: Conditions,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl BackupSelection {
    /// What was probably meant by naming ARNs and a tag: the ARNs that have the tag. None where no ARN or not
    /// just one tag is named, since the tags of `Conditions` are joined by AND.
    pub fn narrowed(&self) -> Option<Self> {
        let [tag] = &self.list_of_tags[..] else {
            return None;
        };
        if self.resources.is_empty() {
            return None;
        }
        let mut narrowed = self.clone();
        narrowed.list_of_tags.clear();
        narrowed.conditions.string_equals.push(ConditionParameter {
            condition_key: format!("aws:ResourceTag/{}", tag.condition_key),
            condition_value: tag.condition_value.clone(),
        });
        Some(narrowed)
    }
}

/// One tag of `ListOfTags`; `ConditionType` is always `STRINGEQUALS`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Condition {
    /// `STRINGEQUALS`.
    pub condition_type: String,
    /// Tag key.
    pub condition_key: String,
    /// Tag value.
    pub condition_value: String,
}

/// Tags, all of which a resource must match. Keys may begin with `aws:ResourceTag/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Conditions {
    /// The tag has exactly this value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub string_equals: Vec<ConditionParameter>,
    /// The tag has another value or is missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub string_not_equals: Vec<ConditionParameter>,
    /// The tag's value matches a pattern with `*`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub string_like: Vec<ConditionParameter>,
    /// The tag's value does not match the pattern, or the tag is missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub string_not_like: Vec<ConditionParameter>,
}

impl Conditions {
    /// Nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.string_equals.is_empty()
            && self.string_not_equals.is_empty()
            && self.string_like.is_empty()
            && self.string_not_like.is_empty()
    }
}

/// One tag of `Conditions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConditionParameter {
    /// Tag key, with or without `aws:ResourceTag/` before it.
    pub condition_key: String,
    /// Tag value or pattern.
    pub condition_value: String,
}
