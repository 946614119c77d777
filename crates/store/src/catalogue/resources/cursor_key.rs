use serde::{Deserialize, Serialize};
use tidemark_domain::{ResourceFilter, ResourceSort};
use tidemark_services::error::StoreError;

use crate::{cursor, db::Arg};

/// Where a page ended: the sorted value of the last row, and its id.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Key(pub(super) Value, pub(super) i64);

/// A sorted value.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Value {
    /// Time or size.
    Number(i64),
    /// Name.
    Text(String),
}

impl From<Value> for Arg {
    fn from(value: Value) -> Self {
        match value {
            Value::Number(number) => number.into(),
            Value::Text(text) => text.into(),
        }
    }
}

/// The column that the order goes by.
pub(super) fn column(sort: ResourceSort) -> &'static str {
    match sort {
        ResourceSort::Name => "name_key",
        ResourceSort::NewestPoint => "newest_at",
        ResourceSort::Size => "size_bytes",
    }
}

/// A cursor is good for one order only.
pub(super) fn list_name(filter: &ResourceFilter) -> String {
    let direction = if filter.descending { "down" } else { "up" };
    format!("resources {} {direction}", column(filter.sort))
}

pub(super) fn unpack(sort: ResourceSort, list: &str, cursor: &str) -> Result<Key, StoreError> {
    Ok(match sort {
        ResourceSort::Name => {
            let (name, id): (String, i64) = cursor::unpack(list, cursor)?;
            Key(Value::Text(name), id)
        }
        ResourceSort::NewestPoint | ResourceSort::Size => {
            let (number, id): (i64, i64) = cursor::unpack(list, cursor)?;
            Key(Value::Number(number), id)
        }
    })
}
