use std::cmp::Ordering;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Sequence;

/// Where a version comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A scan of the table. Its time is the moment since which the stream is captured without a
    /// gap, so that whatever the stream says of the record from then on is newer.
    Backfill,
    /// An older tool's backup. Its time is S3's.
    Import,
    /// The table's stream.
    Stream,
}

impl Origin {
    /// The word in metadata.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Backfill => "backfill",
            Self::Import => "import",
            Self::Stream => "stream",
        }
    }

    /// Reads the word of metadata.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Backfill, Self::Import, Self::Stream]
            .into_iter()
            .find(|origin| origin.as_str() == text)
    }
}

/// How exactly a version's time is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// The stream's time of the event.
    Event,
    /// S3's time of writing, in whole seconds and some time after the event.
    Second,
}

/// When a record took a state, and the order of that state among the others of the record: by
/// time, then origin, then sequence number, then the order in which S3 lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// Milliseconds since 1970.
    pub at: i64,
    /// Where the version comes from.
    pub origin: Origin,
    /// The stream's sequence number; none for other origins.
    pub sequence: Option<Sequence>,
    /// Order among imported versions of the same second; 0 otherwise.
    pub ordinal: u32,
}

impl Moment {
    /// A change in the stream.
    pub fn stream(at: Timestamp, sequence: Sequence) -> Self {
        Self {
            at: at.as_millisecond(),
            origin: Origin::Stream,
            sequence: Some(sequence),
            ordinal: 0,
        }
    }

    /// A record met by a scan, with the time since which the stream is captured.
    pub fn backfill(captured_since: Timestamp) -> Self {
        Self {
            at: captured_since.as_millisecond(),
            origin: Origin::Backfill,
            sequence: None,
            ordinal: 0,
        }
    }

    /// A version of an older backup.
    pub fn import(modified: Timestamp, ordinal: u32) -> Self {
        Self {
            at: modified.as_millisecond(),
            origin: Origin::Import,
            sequence: None,
            ordinal,
        }
    }

    /// The time.
    pub fn timestamp(&self) -> Timestamp {
        Timestamp::from_millisecond(self.at).unwrap_or(Timestamp::MIN)
    }

    /// At `time` or before.
    pub fn is_by(&self, time: Timestamp) -> bool {
        self.at <= time.as_millisecond()
    }

    /// How exactly the time is known.
    pub fn precision(&self) -> Precision {
        match self.origin {
            Origin::Import => Precision::Second,
            Origin::Stream | Origin::Backfill => Precision::Event,
        }
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.origin, self.sequence, self.ordinal).cmp(&(
            other.at,
            other.origin,
            other.sequence,
            other.ordinal,
        ))
    }
}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
