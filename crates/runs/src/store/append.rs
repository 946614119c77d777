//! Appending to a run's log, and the lease that allows it.

use tidemark_domain::runs::{CancelRequest, RunEvent, RunHead, RunId};

/// Proves one particular claim on a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LeaseKey {
    /// The run.
    pub run: RunId,
    /// The worker.
    pub owner: String,
    /// Which of its claims.
    pub epoch: u64,
}

/// On what ground a writer appends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fence {
    /// It holds the lease.
    Lease(LeaseKey),
    /// Nobody holds the run; fails when there is a lease, live or expired.
    Unleased,
}

/// What becomes of the lease with an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// It stays.
    Keep,
    /// It is given back.
    Release,
}

/// Events to append to one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// The run.
    pub run: RunId,
    /// On what ground.
    pub fence: Fence,
    /// The number of the last event that the writer knows; the log must end there.
    pub expected_seq: u64,
    /// Events numbered from `expected_seq + 1` without gaps. May be empty, to change the head
    /// (a new wake time) only.
    pub events: Vec<RunEvent>,
    /// The head after these events.
    pub head: RunHead,
    /// What becomes of the lease.
    pub hold: Hold,
}

/// What came of an append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The number of the log's last event now.
    pub seq: u64,
    /// The request to stop, when there is one that the log does not hold yet. When the lease was
    /// given back, the run is claimable at once, whatever its wake time.
    pub cancel: Option<CancelRequest>,
}

/// What came of prolonging one lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// It is prolonged.
    Renewed {
        /// The request to stop, when there is one that the log does not hold yet.
        cancel: Option<CancelRequest>,
    },
    /// Another worker has the run, or it was given back or has ended: stop at once.
    Lost,
}
