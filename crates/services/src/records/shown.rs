//! From the engine's records to what pages show: cut to a length, and harmless.

use std::collections::BTreeMap;

use tidemark_domain::records::{KeyName, KeyPart, Shown, ShownChange, ShownChanges, ShownKey};
use tidemark_records::{
    Trouble,
    diff::diff_items,
    key::{KeySchema, RecordKey},
    wire::{Attributes, Item, Plain, harmless, plain, plain_item},
};

/// The longest value of a key: `DynamoDB` allows 2,048 bytes, which escapes make longer.
const KEY: usize = 4_096;

/// The longest path of an attribute.
const PATH: usize = 300;

/// How much of records is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Attributes of one record.
    pub(super) attributes: usize,
    /// Bytes of one value.
    pub(super) value: usize,
}

fn shown(plain: Plain) -> Shown {
    Shown {
        text: plain.text,
        whole: plain.whole,
    }
}

/// A record's key.
pub(super) fn key(key: &RecordKey) -> ShownKey {
    ShownKey {
        text: key.to_string(),
        parts: Attributes::new(key.as_str())
            .map(|attribute| KeyPart {
                name: harmless(&attribute.name(), PATH).text,
                value: shown(plain(attribute.value, KEY)),
            })
            .collect(),
    }
}

/// A key of which only the text is known.
pub(super) fn key_text(schema: &KeySchema, text: &str) -> ShownKey {
    RecordKey::parse(schema, text.to_owned()).map_or_else(
        |_| ShownKey {
            text: text.to_owned(),
            parts: vec![KeyPart {
                name: String::new(),
                value: shown(harmless(text, KEY)),
            }],
        },
        |parsed| key(&parsed),
    )
}

/// The attributes of a table's key.
pub(super) fn key_names(schema: &KeySchema) -> Vec<KeyName> {
    schema
        .attributes()
        .map(|attribute| KeyName {
            name: harmless(&attribute.name, PATH).text,
            kind: attribute.kind.as_str().to_owned(),
        })
        .collect()
}

/// A whole record.
pub(super) fn item(item: &Item, limit: usize) -> Shown {
    shown(plain_item(item.as_str(), limit))
}

/// What differs between two states of a record.
pub(super) fn changes(before: Option<&Item>, after: Option<&Item>, room: Room) -> ShownChanges {
    let changes = diff_items(before, after);
    let more = changes.len().saturating_sub(room.attributes);
    let value = |text: Option<String>| text.map(|text| shown(plain(&text, room.value)));
    ShownChanges {
        more: u64::try_from(more).unwrap_or(u64::MAX),
        listed: changes
            .into_iter()
            .take(room.attributes)
            .map(|change| ShownChange {
                path: harmless(&change.path, PATH).text,
                before: value(change.before),
                after: value(change.after),
            })
            .collect(),
    }
}

/// The names of a record's own attributes that differ between two states.
pub(super) fn differing(before: &Item, after: &Item) -> Vec<String> {
    let (before, after) = (before.canonical(), after.canonical());
    let (before, after) = (
        String::from_utf8_lossy(&before),
        String::from_utf8_lossy(&after),
    );
    let mut sides: BTreeMap<&str, [Option<&str>; 2]> = BTreeMap::new();
    for (place, text) in [&before, &after].into_iter().enumerate() {
        for attribute in Attributes::new(text) {
            if let Some(side) = sides.entry(attribute.raw_name).or_default().get_mut(place) {
                *side = Some(attribute.value);
            }
        }
    }
    sides
        .into_iter()
        .filter(|(_, [before, after])| before != after)
        .map(|(name, _)| harmless(name, PATH).text)
        .collect()
}

/// Parts that could not be read, the first of them.
pub(super) fn troubles(troubles: &[Trouble]) -> Vec<String> {
    const SHOWN: usize = 20;
    let mut lines: Vec<String> = troubles
        .iter()
        .take(SHOWN)
        .map(|trouble| {
            let subject = harmless(&trouble.subject, 400).text;
            format!("{subject}: {}", harmless(&trouble.what, 400).text)
        })
        .collect();
    if troubles.len() > SHOWN {
        lines.push(format!("and {} more", troubles.len() - SHOWN));
    }
    lines
}
