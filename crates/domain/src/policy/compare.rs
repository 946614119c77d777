use serde::{Deserialize, Serialize};

use super::{Document, Statement, explain};

/// What becomes of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementFate {
    /// It stays as it is.
    Kept,
    /// It is new.
    Added,
    /// It says something else under the same id.
    Changed,
    /// It goes.
    Removed,
}

impl StatementFate {
    /// The word shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "stays as it is",
            Self::Added => "is added",
            Self::Changed => "is changed",
            Self::Removed => "is removed",
        }
    }
}

/// One statement before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementChange {
    /// What becomes of it.
    pub fate: StatementFate,
    /// Its id, or its place.
    pub label: String,
    /// What it says afterwards, in words; of one that goes, what it said.
    pub words: String,
    /// Its text before, over lines; none where it is new.
    pub before: Option<String>,
    /// Its text afterwards, over lines; none where it goes.
    pub after: Option<String>,
}

/// The difference of two policies by their statements: first those of the new policy in their order, then
/// those that go.
pub fn compare(before: &Document, after: &Document) -> Vec<StatementChange> {
    let old: Vec<&Statement> = before.statements().collect();
    let mut taken = vec![false; old.len()];
    let new: Vec<&Statement> = after.statements().collect();
    let mut partner: Vec<Option<usize>> = vec![None; new.len()];
    // What says the same is the same, wherever it stands; then what has the same id.
    for same in [
        (|one, other| one.value == other.value) as fn(&Statement, &Statement) -> bool,
        |one, other| one.sid.is_some() && one.sid == other.sid,
    ] {
        for (at, statement) in new.iter().enumerate() {
            if partner[at].is_some() {
                continue;
            }
            let found = (0..old.len()).find(|index| !taken[*index] && same(old[*index], statement));
            if let Some(index) = found {
                taken[index] = true;
                partner[at] = Some(index);
            }
        }
    }
    let mut changes = Vec::new();
    for (at, statement) in new.iter().enumerate() {
        let was = partner[at].map(|index| old[index]);
        changes.push(StatementChange {
            fate: match was {
                None => StatementFate::Added,
                Some(was) if was.value == statement.value => StatementFate::Kept,
                Some(_) => StatementFate::Changed,
            },
            label: statement.label(at),
            words: explain(statement),
            before: was.map(lines),
            after: Some(lines(statement)),
        });
    }
    for (index, statement) in old.iter().enumerate().filter(|(index, _)| !taken[*index]) {
        changes.push(StatementChange {
            fate: StatementFate::Removed,
            label: statement.label(index),
            words: explain(statement),
            before: Some(lines(statement)),
            after: None,
        });
    }
    changes
}

fn lines(statement: &Statement) -> String {
    format!("{:#}", statement.value)
}
