use md5::Md5;
use sha2::{Digest, Sha256};

use super::{KeyError, KeySchema, RecordKey};
use crate::wire::{Item, other_spellings};

/// The hash that makes an object's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyHash {
    /// dynamodb-replicator since 10.1.0, and ours: 64 digits.
    Sha256,
    /// dynamodb-replicator up to 10.0: 32 digits.
    Md5,
}

/// The order of a composite key's attributes in the hashed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyOrder {
    /// By name: ours, and dynamodb-replicator's history and diff.
    Name,
    /// As the table's key schema has them: dynamodb-replicator's backfill, and mostly its stream.
    Schema,
    /// Sort key first, whatever the names: how a stream event may list them.
    Reversed,
}

/// How an object's name comes from a record's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameForm {
    /// The hash.
    pub hash: KeyHash,
    /// The order of the attributes.
    pub order: KeyOrder,
}

impl NameForm {
    /// The form in which Tidemark writes: SHA-256 over the name-sorted text.
    pub const OURS: Self = Self {
        hash: KeyHash::Sha256,
        order: KeyOrder::Name,
    };
}

/// The last part of the object's name: lowercase hexadecimal digits of the hash.
pub fn object_name(key: &RecordKey, schema: &KeySchema, form: NameForm) -> String {
    let text = match form.order {
        KeyOrder::Schema => key.bytes().clone(),
        KeyOrder::Reversed if schema.is_name_sorted() => reversed(key),
        KeyOrder::Name | KeyOrder::Reversed => key.name_sorted(),
    };
    match form.hash {
        KeyHash::Sha256 => hex::encode(Sha256::digest(&text)),
        KeyHash::Md5 => hex::encode(Md5::digest(&text)),
    }
}

/// All names that a record's object can have, without repetition: ours first. Two for a simple
/// key, four for a composite one; more where the key holds a number that not everybody spells
/// alike (below a millionth, or from 10²¹ on).
pub fn object_names(key: &RecordKey, schema: &KeySchema) -> Vec<String> {
    let mut names = Vec::with_capacity(4);
    push_names(&mut names, key, schema);
    let mut spellings = vec![key.clone()];
    for (place, number) in key.numbers() {
        for other in other_spellings(number) {
            for known in 0..spellings.len() {
                let respelled = spellings[known].respelled(place, &other);
                if !spellings.contains(&respelled) {
                    spellings.push(respelled);
                }
            }
        }
    }
    for spelled in &spellings[1..] {
        push_names(&mut names, spelled, schema);
    }
    names
}

/// The names that a record's object has when its key is spelled as in this record, without
/// repetition. They differ from [`object_names`] only where a number is spelled in a way that
/// neither DynamoDB nor JavaScript has, such as `1.0`.
pub fn spelled_names(schema: &KeySchema, item: &Item) -> Result<Vec<String>, KeyError> {
    let key = RecordKey::as_spelled(schema, item)?;
    let mut names = Vec::with_capacity(4);
    push_names(&mut names, &key, schema);
    Ok(names)
}

fn push_names(names: &mut Vec<String>, key: &RecordKey, schema: &KeySchema) {
    for hash in [KeyHash::Sha256, KeyHash::Md5] {
        for order in [KeyOrder::Name, KeyOrder::Schema, KeyOrder::Reversed] {
            let name = object_name(key, schema, NameForm { hash, order });
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
}

/// The text with the two attributes in the other order.
fn reversed(key: &RecordKey) -> bytes::Bytes {
    let mut attributes: Vec<_> = crate::wire::Attributes::new(key.as_str()).collect();
    attributes.reverse();
    let inside: Vec<String> = attributes
        .iter()
        .map(|attribute| format!("\"{}\":{}", attribute.raw_name, attribute.value))
        .collect();
    format!("{{{}}}", inside.join(",")).into()
}
