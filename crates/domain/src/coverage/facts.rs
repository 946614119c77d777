use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, Arn, PitrWindow, Region, ResourceType};

/// What the catalogue knows about how a resource is protected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageFacts {
    /// ARN.
    pub arn: Arn,
    /// Type.
    pub resource_type: ResourceType,
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// Name.
    pub name: String,
    /// Owner by tag.
    pub owner: Option<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// When it was made, where that is known.
    pub created_at: Option<Timestamp>,
    /// The continuous window.
    pub pitr: Option<PitrWindow>,
    /// Usable points.
    pub points: u64,
    /// The moment that the newest usable point holds.
    pub newest: Option<Timestamp>,
    /// The moment that the oldest usable point holds.
    pub oldest: Option<Timestamp>,
    /// The newest usable point in another Region than the resource's.
    pub newest_other_region: Option<Timestamp>,
    /// The newest usable point in another account than the resource's.
    pub newest_other_account: Option<Timestamp>,
    /// The newest usable point in a locked vault.
    pub newest_locked: Option<Timestamp>,
    /// Days that the longest-kept usable point is kept from its creation; `i64::MAX` for ever.
    pub longest_kept_days: Option<i64>,
    /// When a restore from a point of it last went well.
    pub last_restore: Option<Timestamp>,
    /// Whether its points are encrypted, where that is known.
    pub encrypted: Option<bool>,
    /// Names of the plans in force that take it; none where that is not known.
    pub plans: Option<Vec<String>>,
}

impl CoverageFacts {
    /// How it is protected.
    pub fn coverage(&self) -> Coverage {
        if self.plans.as_ref().is_some_and(|plans| !plans.is_empty()) {
            Coverage::ByPlan
        } else if self.points > 0 || self.pitr.is_some() {
            Coverage::ByHand
        } else {
            Coverage::Not
        }
    }

    /// The newest moment that can be restored: of a snapshot or of the continuous window.
    pub fn newest_restorable(&self) -> Option<Timestamp> {
        self.newest.max(self.pitr.map(|window| window.latest))
    }

    /// Since when changes are not protected: the newest restorable moment, or the making of the resource
    /// where nothing can be restored.
    pub fn unprotected_since(&self) -> Option<Timestamp> {
        self.newest_restorable().or(self.created_at)
    }
}

/// How a resource is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// A plan in force takes it.
    ByPlan,
    /// No plan takes it, but there is something to restore from.
    ByHand,
    /// There is nothing to restore from, and no plan takes it.
    Not,
}

impl Coverage {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::ByPlan, Self::ByHand, Self::Not];

    /// The words shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ByPlan => "by plan",
            Self::ByHand => "by hand",
            Self::Not => "not at all",
        }
    }

    /// The word used in URLs.
    pub fn word(self) -> &'static str {
        match self {
            Self::ByPlan => "plan",
            Self::ByHand => "hand",
            Self::Not => "none",
        }
    }

    /// Parses the word of a URL.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == text)
    }
}
