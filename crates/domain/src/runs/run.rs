//! A run as a row: what lists show and what workers claim.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{RunId, RunState};

/// Where a run takes place, for lists, filters and caps. A run may have none of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunLabels {
    /// The AWS account's twelve digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The AWS Region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The resource's ARN, or another stable name of what the run is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
}

/// How far a run or a step has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// 0 to 100, where it can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// What is going on, as a short sentence; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// A worker's claim on a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The worker that holds it.
    pub owner: String,
    /// When another worker may take over.
    pub expires_at: Timestamp,
}

/// A person's wish that the run stops.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelRequest {
    /// Who asked.
    pub by: String,
    /// Why, in the person's words; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// The part of a run's row that is derived from its events and changes with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunHead {
    /// Where the run stands.
    pub state: RunState,
    /// From when on a worker may take the run; none when it ended or waits for an approval.
    pub wake_at: Option<Timestamp>,
    /// When its first step began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// How far it has come.
    pub progress: Progress,
    /// Whether the log holds a cancel request.
    pub cancel_seen: bool,
    /// Why somebody should look at it, while it cannot go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm: Option<Alarm>,
}

/// A run does not come further, and has not for some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// Since when.
    pub since: Timestamp,
    /// Why, as a sentence.
    pub message: String,
}

/// A run without its log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its identifier.
    pub id: RunId,
    /// The name of its kind, such as `restore`.
    pub kind: String,
    /// The version of the parameters' layout.
    pub params_version: u32,
    /// What it is to do, as the kind defines it.
    pub params: Value,
    /// Who asked for it.
    pub creator: String,
    /// Why, in the creator's words; may be empty.
    pub reason: String,
    /// Where it takes place.
    pub labels: RunLabels,
    /// The key under which the creator asked for it, so that asking twice creates one run.
    pub idempotency_key: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// The sequence number of its last event; 0 when it has none.
    pub seq: u64,
    /// Who works on it.
    pub lease: Option<Lease>,
    /// Grows by one with each claim: tells a holder's earlier lease from its present one.
    pub lease_epoch: u64,
    /// The request to stop, once there is one.
    pub cancel: Option<CancelRequest>,
    /// What follows from its events.
    #[serde(flatten)]
    pub head: RunHead,
}

impl Run {
    /// Whether it was asked to stop and its log does not say so yet.
    pub fn cancel_pending(&self) -> bool {
        self.cancel.is_some() && !self.head.cancel_seen && !self.head.state.is_terminal()
    }
}
