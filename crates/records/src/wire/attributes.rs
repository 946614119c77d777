use std::borrow::Cow;

use super::{escape::unescape, skip};

/// One attribute of an item or map, borrowed from its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// The name as it stands between the quotes.
    pub raw_name: &'a str,
    /// The value with its type, for example `{"S":"a"}`.
    pub value: &'a str,
}

impl<'a> Attribute<'a> {
    /// The name.
    pub fn name(&self) -> Cow<'a, str> {
        unescape(self.raw_name)
    }

    /// The type, for example `S` or `BOOL`.
    pub fn tag(&self) -> &'a str {
        let end = skip::string_end(self.value.as_bytes(), 1);
        self.value.get(2..end.saturating_sub(1)).unwrap_or_default()
    }

    /// The value without its type: `"a"` of `{"S":"a"}`.
    pub fn payload(&self) -> &'a str {
        let end = skip::string_end(self.value.as_bytes(), 1);
        self.value
            .get(end + 1..self.value.len().saturating_sub(1))
            .unwrap_or_default()
    }
}

/// Walks the attributes of an item or map (`{"a":{…},"b":{…}}` in normal form) in their order.
#[derive(Clone, Debug)]
pub struct Attributes<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Attributes<'a> {
    /// The attributes of a map's text in normal form.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 1 }
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.as_bytes();
        if bytes.get(self.at) == Some(&b',') {
            self.at += 1;
        }
        if bytes.get(self.at) != Some(&b'"') {
            return None;
        }
        let name_end = skip::string_end(bytes, self.at);
        let raw_name = self.text.get(self.at + 1..name_end - 1)?;
        let value_end = skip::value_end(bytes, name_end + 1);
        let value = self.text.get(name_end + 1..value_end)?;
        self.at = value_end;
        Some(Attribute { raw_name, value })
    }
}
