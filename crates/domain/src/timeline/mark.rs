use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{EventKind, Look};
use crate::Arn;

/// One or more things of one kind in one column of a lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Mark {
    /// When the newest of them is.
    pub at: Timestamp,
    /// What they are.
    pub kind: MarkKind,
    /// How many.
    pub count: u32,
    /// How many look how; empty for what is no recovery point.
    pub looks: Vec<(Look, u32)>,
    /// The one, where it is only one.
    pub only: Option<Only>,
}

/// What is told of a mark that stands for one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Only {
    /// The recovery point's ARN or the job's id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// The vault of the point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vault: Option<String>,
    /// What it was copied from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copied_from: Option<Arn>,
    /// What AWS said, or what a rule says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkKind {
    /// A recovery point.
    Point,
    /// A recovery point that is a copy of another.
    Copy,
    /// A backup that failed.
    Failed,
    /// A backup that did not start within its window.
    Missed,
    /// A recovery point that its lifecycle has deleted.
    Pruned,
    /// A recovery point that was deleted by hand.
    Deleted,
    /// A copy that failed.
    CopyFailed,
    /// A recovery point will move to cold storage.
    GoesCold,
    /// A recovery point will be deleted by its lifecycle.
    Expires,
    /// A plan will make a recovery point.
    Scheduled,
}

impl MarkKind {
    /// All of them; their places are the numbers on the wire.
    pub const ALL: [Self; 10] = [
        Self::Point,
        Self::Copy,
        Self::Failed,
        Self::Missed,
        Self::Pruned,
        Self::Deleted,
        Self::CopyFailed,
        Self::GoesCold,
        Self::Expires,
        Self::Scheduled,
    ];

    /// The word in files and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Copy => "copy",
            Self::Failed => "failed",
            Self::Missed => "missed",
            Self::Pruned => "pruned",
            Self::Deleted => "deleted",
            Self::CopyFailed => "copy_failed",
            Self::GoesCold => "goes_cold",
            Self::Expires => "expires",
            Self::Scheduled => "scheduled",
        }
    }

    /// One of it, in words.
    pub fn one(self) -> &'static str {
        match self {
            Self::Point => "recovery point",
            Self::Copy => "copy",
            Self::Failed => "failed backup",
            Self::Missed => "missed backup",
            Self::Pruned => "pruned recovery point",
            Self::Deleted => "recovery point deleted by hand",
            Self::CopyFailed => "failed copy",
            Self::GoesCold => "move to cold storage",
            Self::Expires => "expiry",
            Self::Scheduled => "scheduled backup",
        }
    }

    /// Several of it, in words.
    pub fn many(self) -> &'static str {
        match self {
            Self::Point => "recovery points",
            Self::Copy => "copies",
            Self::Failed => "failed backups",
            Self::Missed => "missed backups",
            Self::Pruned => "pruned recovery points",
            Self::Deleted => "recovery points deleted by hand",
            Self::CopyFailed => "failed copies",
            Self::GoesCold => "moves to cold storage",
            Self::Expires => "expiries",
            Self::Scheduled => "scheduled backups",
        }
    }

    /// A restore can start from it.
    pub fn is_point(self) -> bool {
        matches!(self, Self::Point | Self::Copy)
    }

    /// It has not happened yet.
    pub fn is_future(self) -> bool {
        matches!(self, Self::GoesCold | Self::Expires | Self::Scheduled)
    }

    fn code(self) -> u8 {
        let place = Self::ALL.iter().position(|kind| *kind == self);
        place.and_then(|n| u8::try_from(n).ok()).unwrap_or(0)
    }
}

impl From<EventKind> for MarkKind {
    fn from(kind: EventKind) -> Self {
        match kind {
            EventKind::Failed => Self::Failed,
            EventKind::Missed => Self::Missed,
            EventKind::Pruned => Self::Pruned,
            EventKind::Deleted => Self::Deleted,
            EventKind::CopyFailed => Self::CopyFailed,
        }
    }
}

/// A mark in few characters: there are thousands of them on a dense lane. Time in milliseconds, the
/// kind's number, how many, the looks, the one.
type Wire = (i64, u8, u32, Vec<(Look, u32)>, Option<Only>);

impl From<Mark> for Wire {
    fn from(mark: Mark) -> Self {
        (
            mark.at.as_millisecond(),
            mark.kind.code(),
            mark.count,
            mark.looks,
            mark.only,
        )
    }
}

impl TryFrom<Wire> for Mark {
    type Error = String;

    fn try_from((at, kind, count, looks, only): Wire) -> Result<Self, String> {
        Ok(Self {
            at: Timestamp::from_millisecond(at).map_err(|error| error.to_string())?,
            kind: MarkKind::ALL
                .get(usize::from(kind))
                .copied()
                .ok_or_else(|| format!("no kind of mark has the number {kind}"))?,
            count,
            looks,
            only,
        })
    }
}
