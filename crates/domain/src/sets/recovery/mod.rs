//! Which recovery points of a set's members belong together for a chosen time.
//!
//! A member's *moments* are its usable recovery points, by the time at which they were begun, and the seconds of its
//! point-in-time window. A combination takes one moment of each member, none after the chosen time, so that every order
//! rule holds. What a rule bounds is taken as close before its bound as can be; of a window that is the latest whole second.

mod explain;
mod search;

pub use explain::{LeftOut, words};
pub use search::{MOST_COMBINATIONS, combinations};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Order;
use crate::{Arn, PitrWindow};

/// What a member can be recovered to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberHistory {
    /// Name of the member.
    pub member: String,
    /// Usable recovery points.
    pub points: Vec<PointMoment>,
    /// The seconds of its point-in-time recovery.
    pub window: Option<PitrWindow>,
    /// Points that no restore can start from: when they were made, and why not.
    pub unusable: Vec<(PointMoment, String)>,
}

/// A recovery point and its moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointMoment {
    /// When it was begun.
    pub at: Timestamp,
    /// The point.
    pub point: Arn,
    /// The vault, of a point of AWS Backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vault: Option<String>,
}

/// What a combination takes of one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Name of the member.
    pub member: String,
    /// The moment to which it comes back.
    pub at: Timestamp,
    /// The recovery point; none for point-in-time recovery to that second.
    pub point: Option<PointMoment>,
}

/// Moments of all members that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Combination {
    /// One choice for each member, in the order of the manifest.
    pub choices: Vec<Choice>,
    /// The oldest moment: what was written after it may be lost.
    pub oldest: Timestamp,
    /// The newest moment.
    pub newest: Timestamp,
}

/// What can be recovered for a chosen time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// The chosen time.
    pub at: Timestamp,
    /// Combinations: those that lose the least come first.
    pub combinations: Vec<Combination>,
    /// Newer moments that the first combination leaves out, and why.
    pub left_out: Vec<LeftOut>,
    /// Why there is no combination.
    pub impossible: Option<String>,
}

/// What can be recovered for a chosen time. The histories are in the order of the members.
pub fn recovery(order: &Order, histories: &[MemberHistory], at: Timestamp) -> Recovery {
    let found = combinations(order, histories, at);
    let (left_out, impossible) = match found.first() {
        Some(best) => (explain::left_out(order, histories, at, best), None),
        None => (
            explain::unusable(histories),
            Some(explain::impossible(order, histories, at)),
        ),
    };
    Recovery {
        at,
        combinations: found,
        left_out,
        impossible,
    }
}
