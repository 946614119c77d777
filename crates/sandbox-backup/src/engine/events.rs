use std::{cmp::Ordering, collections::BinaryHeap};

use jiff::Timestamp;

use crate::model::Scope;

/// Something that happens at a known moment. Handlers check that it still applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    RuleFires {
        scope: Scope,
        plan: String,
        version: String,
        rule: String,
    },
    BackupTries {
        scope: Scope,
        job: u64,
    },
    BackupFinishes {
        scope: Scope,
        job: u64,
    },
    CopyStarts {
        scope: Scope,
        job: u64,
    },
    CopyFinishes {
        scope: Scope,
        job: u64,
    },
    RestoreStarts {
        scope: Scope,
        job: u64,
    },
    RestoreFinishes {
        scope: Scope,
        job: u64,
    },
    PointCools {
        scope: Scope,
        point: u64,
    },
    PointExpires {
        scope: Scope,
        point: u64,
    },
}

/// What comes first at one moment: the class, and among rules the plan's order and the rule's place.
type Rank = (u8, u64, usize);

/// Rank of everything but rules. A job that ends gives its resource free before another one tries.
fn rank(event: &Event) -> Rank {
    match event {
        Event::BackupFinishes { .. } => (1, 0, 0),
        _ => (2, 0, 0),
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Entry {
    at: Timestamp,
    rank: Rank,
    seq: u64,
    event: Event,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        // A heap gives its greatest entry first: the earliest must be the greatest.
        (other.at, other.rank, other.seq).cmp(&(self.at, self.rank, self.seq))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Events in the order in which they happen. At one moment rules fire first, those of older plans before
/// those of younger ones and within a plan in its order; then backup jobs end; the rest follows in the
/// order of planning.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    heap: BinaryHeap<Entry>,
    planned: u64,
}

impl Agenda {
    pub(crate) fn plan(&mut self, at: Timestamp, event: Event) {
        self.push(at, rank(&event), event);
    }

    /// Plans the firing of a rule; `rank` is the plan's order of creation and the rule's place in it.
    pub(crate) fn plan_rule(&mut self, at: Timestamp, (plan, place): (u64, usize), event: Event) {
        self.push(at, (0, plan, place), event);
    }

    fn push(&mut self, at: Timestamp, rank: Rank, event: Event) {
        self.planned += 1;
        self.heap.push(Entry {
            at,
            rank,
            seq: self.planned,
            event,
        });
    }

    pub(crate) fn take_due(&mut self, until: Timestamp) -> Option<(Timestamp, Event)> {
        if self.heap.peek()?.at > until {
            return None;
        }
        self.heap.pop().map(|entry| (entry.at, entry.event))
    }
}
