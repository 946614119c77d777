use std::borrow::Cow;

use bytes::Bytes;

use super::{Attributes, Form, WireError, normalise_item, number::is_canonical_number};

/// The longest text of one item. DynamoDB's items have at most 400 KB; base64 and escapes make
/// their text longer.
pub const MAX_ITEM_BYTES: usize = 4 << 20;

/// A record in wire form, checked and in normal form.
#[derive(Clone, Debug)]
pub struct Item {
    text: Bytes,
    /// The text is canonical for sure.
    is_canonical: bool,
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
        let normal = normalise_item(&text, Form::AsWritten)?;
        let text = if normal.text[..] == text[..] {
            text
        } else {
            normal.text.into()
        };
        Ok(Self {
            text,
            is_canonical: normal.is_canonical,
        })
    }

    /// Text that is known to be in normal form, such as that of a checked segment.
    pub(crate) fn trusted(text: Bytes) -> Self {
        Self {
            text,
            is_canonical: false,
        }
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

    /// The text with the members of sets sorted and numbers spelled as DynamoDB spells them: equal
    /// items have equal canonical text.
    pub fn canonical(&self) -> Cow<'_, [u8]> {
        if self.is_canonical || is_surely_canonical(&self.text) {
            return Cow::Borrowed(&self.text);
        }
        // Only fails where a set names a member twice; such a set is compared as it came.
        match normalise_item(&self.text, Form::Canonical) {
            Ok(normal) => Cow::Owned(normal.text),
            Err(_) => Cow::Borrowed(&self.text),
        }
    }
}

/// Whether text in normal form has no sets, and no numbers but those that are spelled in one way.
///
/// Inside a string the quotes would be escaped, and an attribute of that name has an object for its
/// value: so this finds sets and numbers, and only these.
fn is_surely_canonical(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some(at) = rest.iter().position(|&byte| byte == b':') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        if before.ends_with(b"S\"") && after.starts_with(b"[") {
            return false;
        }
        if before.ends_with(b"\"N\"")
            && let Some(number) = after.strip_prefix(b"\"")
        {
            let end = number.iter().position(|&byte| byte == b'"');
            let number = &number[..end.unwrap_or(number.len())];
            if !std::str::from_utf8(number).is_ok_and(is_canonical_number) {
                return false;
            }
        }
        rest = after;
    }
    true
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text || self.canonical() == other.canonical()
    }
}

impl Eq for Item {}
