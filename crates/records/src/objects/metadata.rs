use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::event::{Change, Moment, Origin, Sequence};

/// What ours say of who wrote them.
pub const WRITER: &str = concat!("tidemark/", env!("CARGO_PKG_VERSION"));

const SEQUENCE: &str = "tidemark-sequence";
const TIME: &str = "tidemark-time";
const EVENT: &str = "tidemark-event";
const ORIGIN: &str = "tidemark-origin";
const DELETED: &str = "tidemark-deleted";
const WROTE: &str = "tidemark-writer";

/// What an object of ours says about the change that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectNote {
    /// When.
    pub moment: Moment,
    /// It is a tombstone.
    pub deleted: bool,
}

impl ObjectNote {
    /// The note of a change.
    pub fn of(moment: Moment, change: &Change) -> Self {
        Self {
            moment,
            deleted: *change == Change::Delete,
        }
    }

    /// As user metadata; `event_id` is the stream's.
    pub fn to_metadata(&self, event_id: Option<&str>) -> BTreeMap<String, String> {
        let mut metadata = BTreeMap::from([
            (TIME.to_owned(), self.moment.at.to_string()),
            (ORIGIN.to_owned(), self.moment.origin.as_str().to_owned()),
            (WROTE.to_owned(), WRITER.to_owned()),
        ]);
        if let Some(sequence) = self.moment.sequence {
            metadata.insert(SEQUENCE.to_owned(), sequence.to_string());
        }
        if let Some(event_id) = event_id {
            metadata.insert(EVENT.to_owned(), event_id.to_owned());
        }
        if self.deleted {
            metadata.insert(DELETED.to_owned(), "true".to_owned());
        }
        metadata
    }

    /// Reads user metadata; none where the object is not ours.
    pub fn read(metadata: &BTreeMap<String, String>) -> Option<Self> {
        let at = metadata.get(TIME)?.parse().ok()?;
        let origin = Origin::parse(metadata.get(ORIGIN)?)?;
        let sequence = match metadata.get(SEQUENCE) {
            Some(sequence) => Some(Sequence::parse(sequence).ok()?),
            None => None,
        };
        Some(Self {
            moment: Moment {
                at,
                origin,
                sequence,
                ordinal: 0,
            },
            deleted: metadata
                .get(DELETED)
                .is_some_and(|deleted| deleted == "true"),
        })
    }

    /// The note of a version that the older tool wrote.
    pub fn older(modified: Timestamp, ordinal: u32) -> Self {
        Self {
            moment: Moment::import(modified, ordinal),
            deleted: false,
        }
    }
}
