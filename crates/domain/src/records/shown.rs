use serde::{Deserialize, Serialize};

/// A value of a record as text that is safe to show: nothing in it changes how other text looks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The text: strings in quotes, numbers bare, binary as `B"…"`.
    pub text: String,
    /// Nothing was left out.
    pub whole: bool,
}

/// A record's key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownKey {
    /// The exact text, in `DynamoDB`'s own JSON: what names the record in addresses and forms.
    pub text: String,
    /// Its attributes, the partition key first.
    pub parts: Vec<KeyPart>,
}

impl ShownKey {
    /// The key in a few words: `"o-17"`, or `"shop-1", 42`.
    pub fn label(&self) -> String {
        let values: Vec<&str> = self
            .parts
            .iter()
            .map(|part| part.value.text.as_str())
            .collect();
        values.join(", ")
    }
}

/// One attribute of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPart {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Shown,
}

/// An attribute of a table's key: what a form asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyName {
    /// Its name.
    pub name: String,
    /// `S`, `N` or `B`.
    pub kind: String,
}

/// An attribute that differs between two states of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownChange {
    /// Where, for example `address.city` or `lines[2].price`.
    pub path: String,
    /// The value before; none where it was not there.
    pub before: Option<Shown>,
    /// The value after; none where it is not there.
    pub after: Option<Shown>,
}

/// What differs between two states of a record, as far as it is listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownChanges {
    /// The first of them, by path.
    pub listed: Vec<ShownChange>,
    /// How many more there are.
    pub more: u64,
}
