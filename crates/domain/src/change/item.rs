use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::NewLifecycle;
use crate::{AccountId, Arn, Region};

/// Where an item of a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Not begun.
    Pending,
    /// AWS was asked; the answer is not known yet.
    Asked,
    /// Done.
    Done,
    /// Left as it is, for a reason.
    Left,
    /// It could not be done.
    Failed,
}

impl ItemState {
    /// Every state, in the order in which pages list them.
    pub const ALL: [Self; 5] = [
        Self::Failed,
        Self::Left,
        Self::Done,
        Self::Asked,
        Self::Pending,
    ];

    /// The word of addresses and stores.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Asked => "asked",
            Self::Done => "done",
            Self::Left => "left",
            Self::Failed => "failed",
        }
    }

    /// Parses the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// One recovery point of a run, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunItem {
    /// Its place in the run's list, from 0.
    pub number: u32,
    /// Account that holds it.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// Vault; empty for points outside vaults.
    pub vault: String,
    /// The point.
    pub point: Arn,
    /// What it is a copy of.
    pub resource: Arn,
    /// When it was made.
    pub created_at: Timestamp,
    /// Size in bytes.
    pub size_bytes: Option<u64>,
    /// The lifecycle that it gets; nothing in it for a deletion.
    pub lifecycle: NewLifecycle,
    /// Where it stands.
    pub state: ItemState,
    /// Why, or what AWS said.
    pub message: Option<String>,
    /// AWS's request id, where an answer failed.
    pub request_id: Option<String>,
    /// When it came into this state.
    pub at: Option<Timestamp>,
    /// The job that AWS does it by, once it is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// What was made, where something is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Arn>,
    /// How often it had failed and was tried again.
    #[serde(default)]
    pub attempt: u32,
}

/// How the items of one vault stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetCounts {
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// Vault; empty for points outside vaults.
    pub vault: String,
    /// Not begun.
    pub pending: u64,
    /// Asked, answer not known.
    pub asked: u64,
    /// Done.
    pub done: u64,
    /// Left.
    pub left: u64,
    /// Failed.
    pub failed: u64,
    /// Bytes of those done.
    pub bytes_done: u64,
}

impl TargetCounts {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.pending + self.asked + self.done + self.left + self.failed
    }
}

/// What a list of a run's items shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemFilter {
    /// Only items in this state.
    pub state: Option<ItemState>,
    /// Cursor of the page.
    pub cursor: Option<String>,
    /// Rows per page; 1 to 1000, 50 by default.
    pub limit: Option<u16>,
}
