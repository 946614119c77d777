use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Mark, MarkKind};
use crate::{Arn, ResourceRow};

/// One resource over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    /// The resource.
    pub resource: Arn,
    /// Where the first column begins: at or before the first moment asked for.
    pub from: Timestamp,
    /// Where the last column ends.
    pub until: Timestamp,
    /// Milliseconds per column.
    pub step: i64,
    /// What falls into the columns, oldest first, one mark per column and kind.
    pub marks: Vec<Mark>,
    /// Stretches of which every second or version can be restored.
    pub bands: Vec<Band>,
    /// Until when it tells what backup plans will do; none when nobody asked them.
    #[serde(default)]
    pub planned_until: Option<Timestamp>,
}

impl Lane {
    /// How many recovery points, copies included, were made in its time.
    pub fn points(&self) -> u64 {
        self.count(MarkKind::is_point)
    }

    /// How many things of these kinds it shows.
    pub fn count(&self, which: impl Fn(MarkKind) -> bool) -> u64 {
        self.marks
            .iter()
            .filter(|mark| which(mark.kind))
            .map(|mark| u64::from(mark.count))
            .sum()
    }

    /// The newest point of the lane that is not younger than a moment allows.
    pub fn point_before(&self, at: Timestamp) -> Option<&Mark> {
        self.marks
            .iter()
            .rev()
            .find(|mark| mark.kind.is_point() && mark.at <= at)
    }
}

/// A stretch of time of which more than single points can be restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// What can be restored.
    pub kind: BandKind,
    /// First second.
    pub from: Timestamp,
    /// Last second when it was read.
    pub until: Timestamp,
    /// The continuous recovery point behind it, and its vault.
    pub point: Option<(Arn, String)>,
    /// The record-level backup behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<String>,
}

/// What a band is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BandKind {
    /// The service's own point-in-time recovery.
    PointInTime,
    /// A continuous recovery point of AWS Backup.
    Continuous,
    /// The versions of a bucket.
    Versions,
    /// A record-level backup of a table.
    Records,
    /// Where a record-level backup lacks changes: what it restores there may not be what was.
    Gap,
}

impl BandKind {
    /// The words shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PointInTime => "any second",
            Self::Continuous => "any second, AWS Backup",
            Self::Versions => "versions of objects",
            Self::Records => "any second, record-level backup",
            Self::Gap => "gap in the record-level backup",
        }
    }
}

/// A lane with the resource that it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineRow {
    /// The resource.
    pub resource: ResourceRow,
    /// What it was and will be.
    pub lane: Lane,
}
