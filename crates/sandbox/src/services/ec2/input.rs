//! Members of an EC2 query as the protocol layer leaves them: texts, lists, structures of these.

use std::collections::BTreeMap;

use awsim_core::AwsError;
use serde_json::Value;

use super::errors;

pub(super) fn text<'a>(input: &'a Value, member: &str) -> Option<&'a str> {
    input
        .get(member)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

pub(super) fn required<'a>(input: &'a Value, member: &str) -> Result<&'a str, AwsError> {
    text(input, member).ok_or_else(|| errors::missing(member))
}

pub(super) fn flag(input: &Value, member: &str) -> Option<bool> {
    match input.get(member)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

pub(super) fn number(input: &Value, member: &str) -> Result<Option<u64>, AwsError> {
    match input.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) => Ok(number.as_u64()),
        Some(value) => value
            .as_str()
            .and_then(|text| text.parse().ok())
            .map(Some)
            .ok_or_else(|| errors::invalid(format!("Invalid value for {member}"))),
    }
}

/// A list of texts, `Member.1`, `Member.2`, …
pub(super) fn texts(input: &Value, member: &str) -> Vec<String> {
    match input.get(member) {
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        Some(Value::String(text)) => vec![text.clone()],
        _ => Vec::new(),
    }
}

/// A list of structures.
pub(super) fn list<'a>(input: &'a Value, member: &str) -> &'a [Value] {
    input
        .get(member)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The tags that `TagSpecification` gives to resources of a type.
pub(super) fn tags_for(input: &Value, resource_type: &str) -> BTreeMap<String, String> {
    list(input, "TagSpecification")
        .iter()
        .filter(|specification| text(specification, "ResourceType") == Some(resource_type))
        .flat_map(|specification| pairs(specification, "Tag"))
        .collect()
}

/// A list of `Key` and `Value`.
pub(super) fn pairs(input: &Value, member: &str) -> Vec<(String, String)> {
    list(input, member)
        .iter()
        .filter_map(|tag| {
            Some((
                text(tag, "Key")?.to_owned(),
                text(tag, "Value").unwrap_or_default().to_owned(),
            ))
        })
        .collect()
}
