use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::wire::{Attribute, Attributes, Item, compare_numbers, unescape};

/// A condition on the attributes of a record. Paths name attributes of maps by points:
/// `address.city`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Predicate {
    /// The attribute is there.
    Exists {
        /// Its path.
        path: String,
    },
    /// The attribute compares so with a value; of another type or missing, only
    /// [`Comparison::NotEqual`] holds.
    Compare {
        /// Its path.
        path: String,
        /// How.
        with: Comparison,
        /// The value in wire form, for example `{"N":"5"}`.
        value: String,
    },
    /// A string (or binary, as base64) attribute begins with a text.
    BeginsWith {
        /// Its path.
        path: String,
        /// The text.
        text: String,
    },
    /// A string attribute contains a text.
    Contains {
        /// Its path.
        path: String,
        /// The text.
        text: String,
    },
    /// All hold.
    All {
        /// Which.
        of: Vec<Predicate>,
    },
    /// One of them holds.
    Any {
        /// Which.
        of: Vec<Predicate>,
    },
    /// It does not hold.
    Not {
        /// Which.
        of: Box<Predicate>,
    },
}

/// How two values compare. Numbers compare as decimals, texts by their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Equal.
    Equal,
    /// Not equal.
    NotEqual,
    /// Less.
    Less,
    /// Less or equal.
    LessOrEqual,
    /// Greater.
    Greater,
    /// Greater or equal.
    GreaterOrEqual,
}

impl Comparison {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

impl Predicate {
    /// Whether it holds for a record.
    pub fn holds(&self, item: &Item) -> bool {
        let text = item.as_str();
        match self {
            Self::Exists { path } => find(text, path).is_some(),
            Self::Compare { path, with, value } => match find(text, path) {
                Some(found) => match compare(found.value, value) {
                    Some(ordering) => with.holds(ordering),
                    None => *with == Comparison::NotEqual,
                },
                None => *with == Comparison::NotEqual,
            },
            Self::BeginsWith { path, text: start } => {
                string(find(text, path)).is_some_and(|found| found.starts_with(start.as_str()))
            }
            Self::Contains { path, text: part } => {
                string(find(text, path)).is_some_and(|found| found.contains(part.as_str()))
            }
            Self::All { of } => of.iter().all(|predicate| predicate.holds(item)),
            Self::Any { of } => of.iter().any(|predicate| predicate.holds(item)),
            Self::Not { of } => !of.holds(item),
        }
    }
}

fn find<'t>(text: &'t str, path: &str) -> Option<Attribute<'t>> {
    // An attribute's own name may hold points.
    if let Some(found) = Attributes::new(text).find(|attribute| attribute.name() == path) {
        return Some(found);
    }
    let (first, rest) = path.split_once('.')?;
    let found = Attributes::new(text).find(|attribute| attribute.name() == first)?;
    (found.tag() == "M")
        .then(|| find(found.payload(), rest))
        .flatten()
}

fn string(attribute: Option<Attribute<'_>>) -> Option<String> {
    let attribute = attribute.filter(|attribute| matches!(attribute.tag(), "S" | "B"))?;
    let inside = attribute.payload().strip_prefix('"')?.strip_suffix('"')?;
    Some(unescape(inside).into_owned())
}

/// None where the types differ, or where there is no order and the values differ.
fn compare(one: &str, other: &str) -> Option<Ordering> {
    let other = Item::parse(format!("{{\"v\":{other}}}")).ok()?;
    let other = other.get("v")?;
    if one == other {
        return Some(Ordering::Equal);
    }
    let one = Attribute {
        raw_name: "",
        value: one,
    };
    let other = Attribute {
        raw_name: "",
        value: other,
    };
    if one.tag() != other.tag() {
        return None;
    }
    let inside = |attribute: &Attribute<'_>| {
        let text = attribute.payload().strip_prefix('"')?.strip_suffix('"')?;
        Some(unescape(text).into_owned())
    };
    match one.tag() {
        "N" => compare_numbers(&inside(&one)?, &inside(&other)?),
        "S" | "B" => Some(inside(&one)?.cmp(&inside(&other)?)),
        _ => None,
    }
}
