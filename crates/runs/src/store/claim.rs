//! Taking runs that are due.

use jiff::Timestamp;
use tidemark_domain::runs::{Run, RunEvent};

use super::LeaseKey;

/// Asks for runs to work on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRequest {
    /// The worker; unique to its process.
    pub owner: String,
    /// The time by which "due" and "expired" are judged.
    pub now: Timestamp,
    /// When the new leases expire.
    pub until: Timestamp,
    /// At most so many runs.
    pub limit: u32,
    /// Only runs of these kinds: those that the worker knows.
    pub kinds: Vec<String>,
    /// A `queued` run is left alone while its creator has this many runs in progress. In
    /// progress: in state `running`, `sleeping` or `compensating`, or `queued` under a live lease.
    /// Runs taken by the same call count. Stores where several workers claim at once may exceed
    /// the cap by what the others take in that moment.
    pub per_creator: Option<u32>,
    /// The same for the account label; runs without that label are not capped by it.
    pub per_account: Option<u32>,
}

/// A run that was taken, with its whole log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The run with its new lease.
    pub run: Run,
    /// Its events from number 1 on.
    pub events: Vec<RunEvent>,
}

impl Claimed {
    /// The key to the new lease.
    pub fn lease_key(&self) -> LeaseKey {
        LeaseKey {
            run: self.run.id,
            owner: self
                .run
                .lease
                .as_ref()
                .map(|lease| lease.owner.clone())
                .unwrap_or_default(),
            epoch: self.run.lease_epoch,
        }
    }
}
