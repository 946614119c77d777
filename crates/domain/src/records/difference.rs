use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ShownChanges, ShownKey};

/// What to compare, and which of the differences to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonAsk {
    /// The moment before.
    pub from: Timestamp,
    /// The moment after; none for the live table.
    pub to: Option<Timestamp>,
    /// When the live table was compared that is shown; none to compare now.
    #[serde(default)]
    pub compared_at: Option<Timestamp>,
    /// Which of the differences.
    #[serde(default)]
    pub filter: DifferenceFilter,
    /// The first of them to show, from 0.
    #[serde(default)]
    pub start: u64,
    /// How many to show; 1 to 500.
    pub rows: u16,
}

impl ComparisonAsk {
    /// The most records on one page.
    pub const MOST_ROWS: u16 = 500;
}

/// Which differences.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DifferenceFilter {
    /// Only this kind.
    pub kind: Option<DifferenceKind>,
    /// Only records in which this attribute differs.
    pub attribute: String,
    /// Only records whose partition key contains this text.
    pub text: String,
}

/// How a record differs between two moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// There only after.
    Created,
    /// There both times, differently.
    Changed,
    /// There only before.
    Deleted,
}

impl DifferenceKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Changed, Self::Created, Self::Deleted];

    /// The word of addresses and pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Deleted => "deleted",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// How many records differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifferenceCounts {
    /// There only after.
    pub created: u64,
    /// There both times, differently.
    pub changed: u64,
    /// There only before.
    pub deleted: u64,
    /// There both times, the same.
    pub unchanged: u64,
}

impl DifferenceCounts {
    /// Records that differ.
    pub fn differing(&self) -> u64 {
        self.created + self.changed + self.deleted
    }
}

/// What differs between two moments, and a page of the records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The moment before.
    pub from: Timestamp,
    /// The moment after; none for the live table.
    pub to: Option<Timestamp>,
    /// When the comparison was made.
    pub compared_at: Timestamp,
    /// How many records differ, of all.
    pub counts: DifferenceCounts,
    /// Of the records that differ, so many are held to be listed; more only by a narrower comparison.
    pub held: u64,
    /// Attributes that differ, with the number of records, the most frequent first.
    pub attributes: Vec<AttributeCount>,
    /// How many of those held the filter takes.
    pub matching: u64,
    /// The first of the records shown, from 0.
    pub start: u64,
    /// A page of them, by key.
    pub records: Vec<RecordDifference>,
    /// What one should know, as sentences.
    pub notes: Vec<String>,
    /// Parts of the backup that could not be read.
    pub troubles: Vec<String>,
}

/// How often an attribute differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeCount {
    /// The attribute of the record.
    pub name: String,
    /// Records in which it differs.
    pub records: u64,
}

/// A record that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordDifference {
    /// Its key.
    pub key: ShownKey,
    /// How.
    pub kind: DifferenceKind,
    /// In what.
    pub changes: ShownChanges,
}
