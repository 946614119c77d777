//! Reading and writing a form's names and values.

use serde_json::Value;
use tidemark_domain::Invalid;

use super::{MOST_ROWS, Other};

/// A form's names and values.
pub(super) type Fields = Vec<(String, String)>;

/// Adds a field, unless it is empty.
pub(super) fn push(fields: &mut Fields, prefix: &str, name: &str, value: &str) {
    if !value.is_empty() {
        keep(fields, prefix, name, value);
    }
}

/// Adds a field, also an empty one, so that its row stays.
pub(super) fn keep(fields: &mut Fields, prefix: &str, name: &str, value: &str) {
    fields.push((format!("{prefix}{name}"), value.to_owned()));
}

/// The row of that index, made with all before it if it is not there; none beyond the limit.
pub(super) fn entry<'a, T: Default>(rows: &'a mut Vec<T>, index: &str) -> Option<&'a mut T> {
    let index: usize = index.parse().ok().filter(|at| *at < MOST_ROWS)?;
    while rows.len() <= index {
        rows.push(T::default());
    }
    rows.get_mut(index)
}

/// The text of fields that a form does not show; empty for none.
pub(super) fn json_of(other: &Other) -> String {
    if other.is_empty() {
        String::new()
    } else {
        Value::Object(other.clone()).to_string()
    }
}

/// The fields that the text holds; none where it is no JSON object.
pub(super) fn object_of(text: &str) -> Other {
    serde_json::from_str(text).unwrap_or_default()
}

/// A whole number as typed; empty is none.
pub(super) fn number(text: &str, field: &str, wrong: &mut Vec<Invalid>) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let number = text.parse().ok();
    if number.is_none() {
        wrong.push(Invalid::new(field, "must be a whole number"));
    }
    number
}

/// A number as the form shows it.
pub(super) fn text_of(number: Option<i64>) -> String {
    number.map(|n| n.to_string()).unwrap_or_default()
}

/// The lines of a text, without the empty ones.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}
