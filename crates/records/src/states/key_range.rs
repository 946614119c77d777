use crate::{
    key::{KeySchema, RecordKey},
    wire::quoted,
};

/// Which keys to read: all, those of one partition, or one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyRange {
    prefix: Option<String>,
}

impl KeyRange {
    /// All keys.
    pub fn all() -> Self {
        Self::default()
    }

    /// The keys of one partition; `value` is the partition key's value with its type, for example
    /// `{"S":"a"}`, in normal form.
    pub fn partition(schema: &KeySchema, value: &str) -> Self {
        Self {
            prefix: Some(schema.partition_prefix(value)),
        }
    }

    /// The keys whose partition key is a text that begins like this.
    pub fn partition_begins(schema: &KeySchema, text: &str) -> Self {
        let start = quoted(text);
        let start = start.strip_suffix('"').unwrap_or(&start);
        let name = quoted(&schema.partition.name);
        Self {
            prefix: Some(format!("{{{name}:{{\"S\":{start}")),
        }
    }

    /// One key.
    pub fn one(key: &RecordKey) -> Self {
        Self {
            prefix: Some(key.to_string()),
        }
    }

    /// Whether the key is among them.
    pub fn contains(&self, key: &str) -> bool {
        self.prefix
            .as_deref()
            .is_none_or(|prefix| key.starts_with(prefix))
    }

    /// Whether any key from `min` to `max` can be among them.
    pub fn meets(&self, min: &str, max: &str) -> bool {
        self.prefix
            .as_deref()
            .is_none_or(|prefix| max >= prefix && (min <= prefix || min.starts_with(prefix)))
    }
}
