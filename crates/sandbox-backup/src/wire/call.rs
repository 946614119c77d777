use std::collections::BTreeMap;

use awsim_core::{decode_token, encode_token};
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    engine::BackupEngine,
    error::BackupError,
    model::{PageRequest, Scope},
};

/// One request.
pub(crate) struct Call<'a> {
    pub engine: &'a BackupEngine,
    pub scope: Scope,
    pub now: Timestamp,
    pub input: &'a Value,
}

impl Call<'_> {
    fn value(&self, name: &str) -> Option<&Value> {
        self.input.get(name).filter(|value| !value.is_null())
    }

    /// A string; an empty one counts as absent.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.value(name)?
            .as_str()
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }

    pub(crate) fn required(&self, name: &str) -> Result<String, BackupError> {
        self.text(name).ok_or_else(|| BackupError::missing(name))
    }

    /// A whole number, in a body as a number and in a query as text.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, BackupError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => text.parse().map(Some).map_err(|_| not_a(name, "number")),
            Some(value) => value
                .as_i64()
                .map(Some)
                .ok_or_else(|| not_a(name, "number")),
        }
    }

    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, BackupError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(on)) => Ok(Some(*on)),
            Some(Value::String(text)) => match text.as_str() {
                "true" => Ok(Some(true)),
                "false" => Ok(Some(false)),
                _ => Err(not_a(name, "boolean")),
            },
            Some(_) => Err(not_a(name, "boolean")),
        }
    }

    /// A moment: seconds since 1970 in a body, ISO 8601 in a query.
    pub(crate) fn time(&self, name: &str) -> Result<Option<Timestamp>, BackupError> {
        self.value(name)
            .map(|value| moment(value).ok_or_else(|| not_a(name, "timestamp")))
            .transpose()
    }

    /// A structure of the API model.
    pub(crate) fn document<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<T>, BackupError> {
        self.value(name)
            .map(|value| parse(name, value.clone()))
            .transpose()
    }

    pub(crate) fn required_document<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<T, BackupError> {
        self.document(name)?
            .ok_or_else(|| BackupError::missing(name))
    }

    /// A map of strings; absent is empty.
    pub(crate) fn map(&self, name: &str) -> Result<BTreeMap<String, String>, BackupError> {
        Ok(self.document(name)?.unwrap_or_default())
    }

    /// `nextToken` and `maxResults`.
    pub(crate) fn page(&self) -> Result<PageRequest, BackupError> {
        let limit = self.integer("maxResults")?.unwrap_or(1_000);
        if !(1..=1_000).contains(&limit) {
            return Err(BackupError::invalid(
                "maxResults must be between 1 and 1000",
            ));
        }
        let after = self
            .text("nextToken")
            .map(|token| {
                decode_token(&token)
                    .map_err(|_| BackupError::invalid("The provided nextToken is invalid"))
            })
            .transpose()?;
        Ok(PageRequest {
            after,
            limit: usize::try_from(limit).unwrap_or(1_000),
        })
    }
}

/// The token that a client sends to go on after `key`.
pub(super) fn token(key: &str) -> String {
    encode_token(key)
}

pub(crate) fn moment(value: &Value) -> Option<Timestamp> {
    if let Some(text) = value.as_str()
        && let Ok(moment) = text.parse()
    {
        return Some(moment);
    }
    let seconds = match value {
        Value::String(text) => text.parse().ok()?,
        other => other.as_f64()?,
    };
    Timestamp::from_duration(SignedDuration::try_from_secs_f64(seconds).ok()?).ok()
}

fn parse<T: DeserializeOwned>(name: &str, value: Value) -> Result<T, BackupError> {
    serde_json::from_value(value).map_err(|error| {
        let text = error.to_string();
        match text.strip_prefix("missing field ") {
            Some(field) => BackupError::missing(&format!("{name}.{}", field.trim_matches('`'))),
            None => BackupError::invalid(format!("Invalid {name}: {text}")),
        }
    })
}

fn not_a(name: &str, what: &str) -> BackupError {
    BackupError::invalid(format!("{name} is not a valid {what}"))
}
