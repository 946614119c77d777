use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::ItemLines;
use crate::{error::Trouble, wire::Item};

/// A change of a record in an incremental export: what it was last in the export's time.
#[derive(Clone, Debug)]
pub struct ExportedChange {
    /// When it was written.
    pub at: Timestamp,
    /// The attributes of its key.
    pub keys: Item,
    /// What it became; none when it was deleted.
    pub new: Option<Item>,
}

/// Reads the changes of one data file of an incremental export, gzip or plain.
pub struct ChangeLines(ItemLines);

impl ChangeLines {
    /// The changes of the object `name`.
    pub fn new(name: impl Into<String>, body: Bytes) -> Self {
        Self(ItemLines::new(name, body))
    }

    fn read(line: &[u8]) -> Result<ExportedChange, String> {
        let line: Line = serde_json::from_slice(line).map_err(|error| {
            format!("is no change of an incremental export (Metadata, Keys, NewImage): {error}")
        })?;
        let micros = &line.metadata.write_timestamp_micros;
        let text = micros.get("N").unwrap_or(micros);
        let micros = text
            .as_i64()
            .or_else(|| text.as_str()?.parse().ok())
            .ok_or_else(|| format!("WriteTimestampMicros is no number: {text}"))?;
        let at = Timestamp::from_microsecond(micros).map_err(|error| error.to_string())?;
        let item = |value: &Value| {
            Item::parse(Bytes::from(value.to_string())).map_err(|error| error.to_string())
        };
        Ok(ExportedChange {
            at,
            keys: item(&line.keys)?,
            new: line.new_image.as_ref().map(item).transpose()?,
        })
    }
}

impl Iterator for ChangeLines {
    type Item = Result<ExportedChange, Trouble>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = match self.0.text()? {
            Ok(line) => line,
            Err(trouble) => return Some(Err(trouble)),
        };
        Some(Self::read(&line).map_err(|error| self.0.trouble(error)))
    }
}

/// Numbers of records are texts in this form, so that none loses a digit on the way.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Line {
    metadata: Metadata,
    keys: Value,
    #[serde(default)]
    new_image: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    write_timestamp_micros: Value,
}
