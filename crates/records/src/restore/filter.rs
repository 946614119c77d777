use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Predicate;
use crate::{
    error::RecordsError,
    key::{KeySchema, RecordKey},
    states::KeyRange,
    wire::Item,
};

/// Which records to bring back; all, where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreFilter {
    /// Just one partition: the partition key's value in wire form, for example `{"S":"a"}`.
    #[serde(default)]
    pub partition: Option<String>,
    /// Just these keys, in wire form.
    #[serde(default)]
    pub keys: Option<BTreeSet<String>>,
    /// Just records for which this holds: as they were, or as they are in the table. Conditions on
    /// the sort key belong here, too.
    #[serde(default)]
    pub predicate: Option<Predicate>,
}

/// A filter made ready for one table.
pub(super) struct ReadyFilter {
    pub(super) range: KeyRange,
    keys: Option<BTreeSet<RecordKey>>,
    predicate: Option<Predicate>,
}

impl RestoreFilter {
    /// It takes everything.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn ready(&self, schema: &KeySchema) -> Result<ReadyFilter, RecordsError> {
        let bad = |key: &str, what: String| RecordsError::BadRecord {
            key: key.to_owned(),
            what,
        };
        let range = match &self.partition {
            Some(value) => {
                let item = Item::parse(format!("{{\"v\":{value}}}"))
                    .map_err(|error| bad(value, error.to_string()))?;
                KeyRange::partition(schema, item.get("v").unwrap_or_default())
            }
            None => KeyRange::all(),
        };
        let mut keys = None;
        if let Some(texts) = &self.keys {
            let mut parsed = BTreeSet::new();
            for text in texts {
                let key = RecordKey::parse(schema, text.clone())
                    .map_err(|error| bad(text, error.to_string()))?;
                parsed.insert(key);
            }
            keys = Some(parsed);
        }
        Ok(ReadyFilter {
            range,
            keys,
            predicate: self.predicate.clone(),
        })
    }
}

impl ReadyFilter {
    /// Whether a record is meant, by its key and what it is on either side.
    pub(super) fn takes(&self, key: &RecordKey, sides: [Option<&Item>; 2]) -> bool {
        self.range.contains(key.as_str())
            && self.keys.as_ref().is_none_or(|keys| keys.contains(key))
            && self.predicate.as_ref().is_none_or(|predicate| {
                sides
                    .into_iter()
                    .flatten()
                    .any(|item| predicate.holds(item))
            })
    }
}
