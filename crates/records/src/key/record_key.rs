use std::{borrow::Cow, fmt};

use bytes::Bytes;

use super::KeySchema;
use crate::wire::{Attribute, Attributes, Item, WireError, canonical_number, quoted};

/// The key of one record: compact JSON of its key attributes in the **schema's** order, for
/// example `{"pk":{"S":"a"},"sk":{"N":"1"}}`. Numbers are spelled as DynamoDB spells them, so that
/// one record has one key, however who wrote it down spelled it. Ordered by that text, so that the
/// records of one partition stand together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey(Bytes);

/// Text that holds no key of the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not in wire form at all.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// A key attribute is missing.
    #[error("the key attribute {name} is missing")]
    Missing {
        /// Its name.
        name: String,
    },
    /// A key attribute has another type than the table says.
    #[error("the key attribute {name} has type {found} where the table has {wanted}")]
    Type {
        /// Its name.
        name: String,
        /// The type in the text.
        found: String,
        /// The type in the key schema.
        wanted: &'static str,
    },
}

impl RecordKey {
    /// The key of a record.
    pub fn of_item(schema: &KeySchema, item: &Item) -> Result<Self, KeyError> {
        Self::of_attributes(schema, &item.attributes(), Spelling::Canonical)
    }

    /// The places of its numbers, with them.
    pub(super) fn numbers(&self) -> impl Iterator<Item = (usize, &str)> {
        Attributes::new(self.as_str())
            .enumerate()
            .filter(|(_, attribute)| attribute.tag() == "N")
            .filter_map(|(place, attribute)| Some((place, inside(attribute.payload())?)))
    }

    /// The key of a record with its numbers as they are spelled there: not to compare by, only to
    /// find the name that an object got from it.
    pub(crate) fn as_spelled(schema: &KeySchema, item: &Item) -> Result<Self, KeyError> {
        Self::of_attributes(schema, &item.attributes(), Spelling::AsWritten)
    }

    /// A key in wire form, its attributes in any order.
    pub fn parse(schema: &KeySchema, text: impl Into<Bytes>) -> Result<Self, KeyError> {
        Self::of_item(schema, &Item::parse(text)?)
    }

    /// A key whose text is known to be in its form, such as one read from a checked segment; the
    /// spelling of its numbers may be another. Answers whether it is.
    pub(crate) fn trusted(text: Bytes) -> (Self, bool) {
        let is_number = |window: &[u8]| window == b"{\"N\":";
        if !text.windows(5).any(is_number) {
            return (Self(text), false);
        }
        let key = Self(text);
        let numbers = Attributes::new(key.as_str()).filter(|attribute| attribute.tag() == "N");
        let spelled = numbers
            .filter_map(|attribute| inside(attribute.payload()))
            .any(|number| matches!(canonical_number(number), Cow::Owned(_)));
        if !spelled {
            return (key, false);
        }
        let mut canonical = Vec::with_capacity(key.0.len());
        canonical.push(b'{');
        for (place, attribute) in Attributes::new(key.as_str()).enumerate() {
            if place > 0 {
                canonical.push(b',');
            }
            push_attribute(&mut canonical, &attribute, Spelling::Canonical);
        }
        canonical.push(b'}');
        (Self(canonical.into()), true)
    }

    /// The same key with the number of one attribute spelled otherwise: only to find the name that
    /// an object got from it.
    pub(super) fn respelled(&self, place: usize, number: &str) -> Self {
        let mut text = vec![b'{'];
        for (at, attribute) in Attributes::new(self.as_str()).enumerate() {
            if at > 0 {
                text.push(b',');
            }
            let value = format!("{{\"N\":\"{number}\"}}");
            let attribute = Attribute {
                raw_name: attribute.raw_name,
                value: if at == place { &value } else { attribute.value },
            };
            push_attribute(&mut text, &attribute, Spelling::AsWritten);
        }
        text.push(b'}');
        Self(text.into())
    }

    fn of_attributes(
        schema: &KeySchema,
        attributes: &Attributes<'_>,
        spelling: Spelling,
    ) -> Result<Self, KeyError> {
        let mut text = Vec::with_capacity(64);
        text.push(b'{');
        for (place, wanted) in schema.attributes().enumerate() {
            let found = attributes
                .clone()
                .find(|attribute| attribute.name() == wanted.name)
                .ok_or_else(|| KeyError::Missing {
                    name: wanted.name.clone(),
                })?;
            if found.tag() != wanted.kind.as_str() {
                return Err(KeyError::Type {
                    name: wanted.name.clone(),
                    found: found.tag().to_owned(),
                    wanted: wanted.kind.as_str(),
                });
            }
            if place > 0 {
                text.push(b',');
            }
            push_attribute(&mut text, &found, spelling);
        }
        text.push(b'}');
        Ok(Self(text.into()))
    }

    /// The text in the schema's order.
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// The text in the schema's order.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The value of the partition key with its type.
    pub fn partition(&self) -> &str {
        self.part(0)
    }

    /// The value of the sort key with its type; none for a simple key.
    pub fn sort(&self) -> Option<&str> {
        Attributes::new(self.as_str())
            .nth(1)
            .map(|attribute| attribute.value)
    }

    fn part(&self, place: usize) -> &str {
        Attributes::new(self.as_str())
            .nth(place)
            .map_or("", |attribute| attribute.value)
    }

    /// The same key with its attributes sorted by name, as JavaScript sorts (by UTF-16 units).
    pub fn name_sorted(&self) -> Bytes {
        let mut attributes: Vec<Attribute<'_>> = Attributes::new(self.as_str()).collect();
        if attributes.len() < 2 {
            return self.0.clone();
        }
        attributes.sort_by(|a, b| a.name().encode_utf16().cmp(b.name().encode_utf16()));
        let mut text = Vec::with_capacity(self.0.len());
        text.push(b'{');
        for (place, attribute) in attributes.iter().enumerate() {
            if place > 0 {
                text.push(b',');
            }
            push_attribute(&mut text, attribute, Spelling::AsWritten);
        }
        text.push(b'}');
        text.into()
    }
}

/// How the numbers of a key are spelled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// As they come.
    AsWritten,
    /// As DynamoDB spells them.
    Canonical,
}

fn push_attribute(text: &mut Vec<u8>, attribute: &Attribute<'_>, spelling: Spelling) {
    text.push(b'"');
    text.extend_from_slice(attribute.raw_name.as_bytes());
    text.extend_from_slice(b"\":");
    if spelling == Spelling::Canonical
        && attribute.tag() == "N"
        && let Some(number) = inside(attribute.payload())
    {
        text.extend_from_slice(b"{\"N\":\"");
        text.extend_from_slice(canonical_number(number).as_bytes());
        text.extend_from_slice(b"\"}");
    } else {
        text.extend_from_slice(attribute.value.as_bytes());
    }
}

/// What stands between the quotes.
fn inside(payload: &str) -> Option<&str> {
    payload.strip_prefix('"')?.strip_suffix('"')
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordKey({})", self.as_str())
    }
}

impl KeySchema {
    /// The beginning of the text of every key of one partition; `value` is the partition key's
    /// value with its type, for example `{"S":"a"}`. A number may be spelled in any way.
    pub fn partition_prefix(&self, value: &str) -> String {
        let end = if self.sort.is_some() { "," } else { "}" };
        let number = value
            .strip_prefix("{\"N\":\"")
            .and_then(|rest| rest.strip_suffix("\"}"));
        let value = number.map_or(Cow::Borrowed(value), |number| {
            Cow::Owned(format!("{{\"N\":\"{}\"}}", canonical_number(number)))
        });
        format!("{{{}:{value}{end}", quoted(&self.partition.name))
    }
}
