use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a plan applies to, as a client writes it (`BackupSelection`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SelectionDocument {
    /// Display name.
    pub selection_name: String,
    /// Role that the jobs run as.
    pub iam_role_arn: String,
    /// ARNs or ARN patterns: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// Tags: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub list_of_tags: Vec<TagCondition>,
    /// ARNs or ARN patterns to leave out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_resources: Vec<String>,
    /// Tags: all.
    #[serde(default, skip_serializing_if = "Conditions::is_empty")]
    pub conditions: Conditions,
}

/// A tag that takes a resource in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TagCondition {
    /// `STRINGEQUALS`
    pub condition_type: String,
    /// Tag key.
    pub condition_key: String,
    /// Tag value.
    pub condition_value: String,
}

/// Conditions that every resource taken must meet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Conditions {
    /// The tag has the value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub string_equals: Vec<Condition>,
    /// The tag is missing or has another value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub string_not_equals: Vec<Condition>,
    /// The tag's value fits the pattern.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub string_like: Vec<Condition>,
    /// The tag is missing or its value does not fit the pattern.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub string_not_like: Vec<Condition>,
}

/// A tag and a value; the key is written `aws:ResourceTag/name`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Condition {
    /// `aws:ResourceTag/name`
    pub condition_key: String,
    /// Value or pattern.
    pub condition_value: String,
}

impl Conditions {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A selection of a plan.
#[derive(Clone, Debug)]
pub struct StoredSelection {
    /// Order of creation in the whole simulation; pages are cut by it.
    pub seq: u64,
    /// UUID.
    pub id: String,
    /// What it selects.
    pub document: SelectionDocument,
    /// What the caller sent to make creation repeatable.
    pub creator_request_id: Option<String>,
    /// When it was made.
    pub created: Timestamp,
}
