use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{DifferenceFilter, ShownChanges, ShownKey};
use crate::Arn;

/// What to undo: what became of some records between two moments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoAsk {
    /// The last moment at which all was well.
    pub from: Timestamp,
    /// The moment by which the damage was done; none for now.
    pub to: Option<Timestamp>,
    /// Which records.
    pub records: UndoChoice,
}

/// Which records to undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UndoChoice {
    /// These, by key in `DynamoDB`'s own JSON.
    Keys(Vec<String>),
    /// All that differ and that the filter takes.
    Matching {
        /// When the live table was compared that was shown.
        compared_at: Option<Timestamp>,
        /// Which of the differences.
        filter: DifferenceFilter,
    },
}

/// Exactly what an undo will do, and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoPlan {
    /// The plan's id.
    pub id: String,
    /// The table.
    pub table: Arn,
    /// The moment whose states come back.
    pub from: Timestamp,
    /// The moment by which the damage was done.
    pub to: Option<Timestamp>,
    /// When the plan was made.
    pub made_at: Timestamp,
    /// How many records of each kind.
    pub counts: UndoCounts,
    /// Records that changed after what is to be undone: left alone. The first of them.
    pub conflicts: Vec<ShownKey>,
    /// How many there are.
    pub conflicts_total: u64,
    /// A page of what will be done, by key.
    pub actions: Vec<UndoAction>,
    /// The first of them, from 0.
    pub start: u64,
    /// How far it has come; none before it began.
    pub progress: Option<UndoProgress>,
    /// Digest of all that will be done: the start names it.
    pub digest: String,
    /// What one should know, as sentences.
    pub notes: Vec<String>,
    /// Parts of the backup that could not be read.
    pub troubles: Vec<String>,
}

/// How many records an undo brings back, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoCounts {
    /// Gone from the table: written again.
    pub create: u64,
    /// In the table, differently: written as they were.
    pub overwrite: u64,
    /// Not there before: deleted.
    pub delete: u64,
    /// Already as they were.
    pub unchanged: u64,
}

impl UndoCounts {
    /// Records that will be written or deleted.
    pub fn actions(&self) -> u64 {
        self.create + self.overwrite + self.delete
    }
}

/// What an undo does with one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoAction {
    /// Its key.
    pub key: ShownKey,
    /// What is done.
    pub kind: UndoKind,
    /// What the table holds, and what it shall hold.
    pub changes: ShownChanges,
    /// What became of it; none before its turn.
    pub result: Option<UndoResult>,
}

/// What is done with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UndoKind {
    /// Written again.
    Create,
    /// Written as it was.
    Overwrite,
    /// Deleted.
    Delete,
}

impl UndoKind {
    /// What will be done, in a few words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "bring back",
            Self::Overwrite => "write as it was",
            Self::Delete => "delete",
        }
    }
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UndoResult {
    /// It is as it was.
    Undone,
    /// It changed after the plan was made, and was left alone.
    Left,
}

/// How far an undo has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoProgress {
    /// Records done.
    pub done: u64,
    /// Records that changed after the plan was made: left alone.
    pub left: u64,
    /// Everything is done.
    pub finished: bool,
}
