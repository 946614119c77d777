//! Values as results show them.

use std::fmt::Write as _;

use serde_json::{Value, json};
use tidemark_records::{
    Trouble,
    diff::{RecordChange, diff_items},
    wire::Item,
};

/// A record as JSON in wire form: its numbers are text there, too.
pub(super) fn item(item: Option<&Item>) -> Value {
    item.and_then(|item| serde_json::from_str(item.as_str()).ok())
        .unwrap_or(Value::Null)
}

/// A record that differs, with its attributes that do.
pub(super) fn change(change: &RecordChange) -> Value {
    json!({
        "key": key(change.key.as_str()),
        "before": item(change.before.as_ref()),
        "after": item(change.after.as_ref()),
        "attributes": diff_items(change.before.as_ref(), change.after.as_ref()),
    })
}

/// A key as JSON in wire form; as text where it is none.
pub(super) fn key(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

/// What could not be read, one line each; nothing where all could.
pub(super) fn troubles(troubles: &[Trouble]) -> String {
    let mut lines = String::new();
    for trouble in troubles.iter().take(20) {
        let _ = write!(lines, "\n  {}: {}", trouble.subject, trouble.what);
    }
    if troubles.len() > 20 {
        let _ = write!(lines, "\n  and {} more", troubles.len() - 20);
    }
    if lines.is_empty() {
        lines
    } else {
        format!("\nCould not be read:{lines}")
    }
}
