//! What a timeline draws: marks, bands, and how they fall together at a zoom level.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Arn, PitrWindow, PointSource, Tier};

/// One resource over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    /// The resource.
    pub resource: Arn,
    /// First moment shown.
    pub from: Timestamp,
    /// Last moment shown.
    pub until: Timestamp,
    /// Recovery points, oldest first; those that fall on one column come as one mark.
    pub marks: Vec<Mark>,
    /// The continuous window.
    pub band: Option<PitrWindow>,
    /// How many points the marks stand for.
    pub points: u64,
}

/// One or more recovery points at one place of a lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// When the newest point of the mark was made.
    pub at: Timestamp,
    /// How many points it stands for.
    pub count: u32,
    /// The newest point's ARN.
    pub arn: Arn,
    /// The newest point's tier.
    pub tier: Tier,
    /// The newest point's source.
    pub source: PointSource,
    /// The newest point's status.
    pub status: String,
    /// Any of them is locked.
    pub locked: bool,
}

/// Where a moment falls between two others, 0 to 1; outside moments are clamped.
#[expect(
    clippy::cast_precision_loss,
    reason = "a screen has a few thousand columns; seconds of centuries fit an f64"
)]
pub fn position(at: Timestamp, from: Timestamp, until: Timestamp) -> f64 {
    let span = (until.as_second() - from.as_second()).max(1) as f64;
    (((at.as_second() - from.as_second()) as f64) / span).clamp(0.0, 1.0)
}
