use std::borrow::Cow;

use bytes::Bytes;

use super::{Attributes, SetOrder, WireError, normalise_item};

/// The longest text of one item. DynamoDB's items have at most 400 KB; base64 and escapes make
/// their text longer.
pub const MAX_ITEM_BYTES: usize = 4 << 20;

/// A record in wire form, checked and in normal form.
#[derive(Clone, Debug)]
pub struct Item {
    text: Bytes,
    sets_sorted: bool,
}

impl Item {
    /// Checks the text and brings it into normal form; text that is in it already is not copied.
    pub fn parse(text: impl Into<Bytes>) -> Result<Self, WireError> {
        let text = text.into();
        if text.len() > MAX_ITEM_BYTES {
            return Err(WireError::new(
                MAX_ITEM_BYTES,
                format!("{} bytes, which no item has", text.len()),
            ));
        }
        let normal = normalise_item(&text, SetOrder::Keep)?;
        let text = if normal.text[..] == text[..] {
            text
        } else {
            normal.text.into()
        };
        Ok(Self {
            text,
            sets_sorted: normal.sets_sorted,
        })
    }

    /// Text that is known to be in normal form, such as that of a checked segment.
    pub(crate) fn trusted(text: Bytes) -> Self {
        // Inside a string the quotes would be escaped, and an attribute of that name has an
        // object for its value: so this finds sets, and only sets.
        let sets_sorted = !text.windows(4).any(|window| window == b"S\":[");
        Self { text, sets_sorted }
    }

    /// The text in normal form.
    pub fn bytes(&self) -> &Bytes {
        &self.text
    }

    /// The text in normal form.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// Its attributes, by name.
    pub fn attributes(&self) -> Attributes<'_> {
        Attributes::new(self.as_str())
    }

    /// The value of one attribute with its type, for example `{"S":"a"}`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes()
            .find(|attribute| attribute.name() == name)
            .map(|attribute| attribute.value)
    }

    /// The text with the members of sets sorted: equal items have equal canonical text.
    pub fn canonical(&self) -> Cow<'_, [u8]> {
        if self.sets_sorted {
            return Cow::Borrowed(&self.text);
        }
        // Only fails where a set names a member twice; such a set is compared as it came.
        match normalise_item(&self.text, SetOrder::Sort) {
            Ok(normal) => Cow::Owned(normal.text),
            Err(_) => Cow::Borrowed(&self.text),
        }
    }
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text || self.canonical() == other.canonical()
    }
}

impl Eq for Item {}
