//! Between the domain's values and the columns.

use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use tidemark_services::error::StoreError;

use crate::db::corrupt;

/// What stands for "none" in columns that lists sort by.
pub(crate) const ABSENT: i64 = -1;

pub(crate) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

pub(crate) fn time(millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millis).map_err(corrupt)
}

pub(crate) fn optional_time(millis: Option<i64>) -> Result<Option<Timestamp>, StoreError> {
    millis.map(time).transpose()
}

/// The time, unless it is [`ABSENT`].
pub(crate) fn present_time(millis: i64) -> Result<Option<Timestamp>, StoreError> {
    optional_time((millis != ABSENT).then_some(millis))
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Database(Box::new(error)))
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(corrupt)
}

/// A checked text type from its column.
pub(crate) fn parsed<T: TryFrom<String>>(text: String) -> Result<T, StoreError>
where
    T::Error: std::fmt::Display,
{
    T::try_from(text).map_err(corrupt)
}

/// A checked text type from a column that may be empty.
pub(crate) fn optional<T: TryFrom<String>>(text: Option<String>) -> Result<Option<T>, StoreError>
where
    T::Error: std::fmt::Display,
{
    text.map(parsed).transpose()
}

/// The word of an enumeration as JSON spells it, without quotes.
pub(crate) fn word<T: Serialize>(value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(corrupt("an enumeration without a word")),
    }
}

pub(crate) fn from_word<T: DeserializeOwned>(word: String) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(word)).map_err(corrupt)
}

/// A size or count as a column holds it; beyond 2⁶³ − 1 there is nothing to tell apart.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(crate) fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}
