use std::io::{BufRead as _, BufReader, Read as _};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{
    error::RecordsError,
    key::RecordKey,
    wire::{Item, quoted},
};

/// The longest page, decompressed.
const MAX_PAGE_BYTES: u64 = 1 << 30;

/// What is to be done with one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedAction {
    /// Its key.
    pub key: RecordKey,
    /// What the table must still hold: none for no record.
    pub expect: Option<Item>,
    /// What the table shall hold: none to delete it.
    pub want: Option<Item>,
}

/// An action as a line; items and keys are JSON inside of JSON strings, so that they come back
/// byte for byte.
#[derive(Serialize, Deserialize)]
struct Line {
    key: String,
    expect: Option<String>,
    want: Option<String>,
}

pub(super) fn encode(actions: &[PlannedAction]) -> Result<Bytes, RecordsError> {
    let mut text = String::new();
    let inside = |item: &Option<Item>| {
        item.as_ref()
            .map_or_else(|| "null".to_owned(), |item| quoted(item.as_str()))
    };
    for action in actions {
        text.push_str("{\"key\":");
        text.push_str(&quoted(action.key.as_str()));
        text.push_str(",\"expect\":");
        text.push_str(&inside(&action.expect));
        text.push_str(",\"want\":");
        text.push_str(&inside(&action.want));
        text.push_str("}\n");
    }
    zstd::bulk::compress(text.as_bytes(), 3)
        .map(Bytes::from)
        .map_err(|error| RecordsError::Encode(error.to_string()))
}

pub(super) fn decode(name: &str, body: &Bytes) -> Result<Vec<PlannedAction>, RecordsError> {
    let bad = |what: String| RecordsError::object(name, what);
    let decoder =
        zstd::stream::read::Decoder::new(&body[..]).map_err(|error| bad(error.to_string()))?;
    let mut actions = Vec::new();
    for line in BufReader::new(decoder.take(MAX_PAGE_BYTES)).lines() {
        let line = line.map_err(|error| bad(error.to_string()))?;
        let line: Line = serde_json::from_str(&line).map_err(|error| bad(error.to_string()))?;
        let item = |text: Option<String>| {
            text.map(Item::parse)
                .transpose()
                .map_err(|error| bad(error.to_string()))
        };
        actions.push(PlannedAction {
            key: RecordKey::trusted(line.key.into()).0,
            expect: item(line.expect)?,
            want: item(line.want)?,
        });
    }
    Ok(actions)
}
