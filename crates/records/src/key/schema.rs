use serde::{Deserialize, Serialize};

/// The type of a key attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KeyType {
    /// String.
    S,
    /// Number.
    N,
    /// Binary.
    B,
}

impl KeyType {
    /// As the wire form writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::N => "N",
            Self::B => "B",
        }
    }

    /// Reads the wire form's word.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "S" => Some(Self::S),
            "N" => Some(Self::N),
            "B" => Some(Self::B),
            _ => None,
        }
    }
}

/// One attribute of a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeyAttribute {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: KeyType,
}

impl KeyAttribute {
    /// A key attribute.
    pub fn new(name: impl Into<String>, kind: KeyType) -> Self {
        Self {
            name: name.into(),
            kind,
        }
    }
}

/// A table's (or index's) key: `HASH` and, for a composite one, `RANGE`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeySchema {
    /// The partition key.
    pub partition: KeyAttribute,
    /// The sort key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<KeyAttribute>,
}

impl KeySchema {
    /// A key of one attribute.
    pub fn simple(partition: KeyAttribute) -> Self {
        Self {
            partition,
            sort: None,
        }
    }

    /// A key of two attributes.
    pub fn composite(partition: KeyAttribute, sort: KeyAttribute) -> Self {
        Self {
            partition,
            sort: Some(sort),
        }
    }

    /// The attributes in the schema's order.
    pub fn attributes(&self) -> impl Iterator<Item = &KeyAttribute> {
        std::iter::once(&self.partition).chain(self.sort.as_ref())
    }

    /// A key attribute is a number, which has several spellings.
    pub fn has_numbers(&self) -> bool {
        self.attributes()
            .any(|attribute| attribute.kind == KeyType::N)
    }

    /// The order by name (as JavaScript sorts) is the schema's order, too.
    pub fn is_name_sorted(&self) -> bool {
        self.sort.as_ref().is_none_or(|sort| {
            self.partition
                .name
                .encode_utf16()
                .le(sort.name.encode_utf16())
        })
    }
}
