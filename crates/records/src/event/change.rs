use super::Moment;
use crate::{key::RecordKey, wire::Item};

/// What a record became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// This.
    Put(Item),
    /// Gone.
    Delete,
}

impl Change {
    /// The record; none when it is gone.
    pub fn item(&self) -> Option<&Item> {
        match self {
            Self::Put(item) => Some(item),
            Self::Delete => None,
        }
    }
}

/// One change of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Which record.
    pub key: RecordKey,
    /// When.
    pub moment: Moment,
    /// What it became.
    pub change: Change,
}

/// A state of a record that the caller knows the key of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Since when.
    pub moment: Moment,
    /// What it became.
    pub change: Change,
}

impl From<Event> for Version {
    fn from(event: Event) -> Self {
        Self {
            moment: event.moment,
            change: event.change,
        }
    }
}

/// Sorts the versions of one record and drops repetitions of the same moment.
pub(crate) fn in_order(versions: &mut Vec<Version>) {
    versions.sort_by_key(|version| version.moment);
    versions.dedup_by_key(|version| version.moment);
}
