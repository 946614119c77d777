//! Listing and counting runs.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tidemark_domain::runs::{Run, RunId, RunState};

/// Which runs. In each list, any of its values passes; an empty list lets everything pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// By state.
    pub states: Vec<RunState>,
    /// By kind.
    pub kinds: Vec<String>,
    /// By creator.
    pub creators: Vec<String>,
    /// By the account label.
    pub accounts: Vec<String>,
    /// By the Region label.
    pub regions: Vec<String>,
    /// By the resource label.
    pub resources: Vec<String>,
    /// Created at this time or later.
    pub created_from: Option<Timestamp>,
    /// Created before this time.
    pub created_before: Option<Timestamp>,
}

impl RunFilter {
    /// Whether the run passes.
    pub fn matches(&self, run: &Run) -> bool {
        fn any<T: PartialEq>(allowed: &[T], value: &T) -> bool {
            allowed.is_empty() || allowed.contains(value)
        }
        fn any_label(allowed: &[String], value: Option<&String>) -> bool {
            allowed.is_empty() || value.is_some_and(|value| allowed.contains(value))
        }
        any(&self.states, &run.head.state)
            && any(&self.kinds, &run.kind)
            && any(&self.creators, &run.creator)
            && any_label(&self.accounts, run.labels.account.as_ref())
            && any_label(&self.regions, run.labels.region.as_ref())
            && any_label(&self.resources, run.labels.resource.as_ref())
            && self.created_from.is_none_or(|from| run.created_at >= from)
            && self
                .created_before
                .is_none_or(|before| run.created_at < before)
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunQuery {
    /// Which runs.
    pub filter: RunFilter,
    /// Only runs with a smaller id: the `next` of the page before.
    pub before: Option<RunId>,
    /// At most so many.
    pub limit: u32,
}

impl RunQuery {
    /// The first page of everything.
    pub fn first(limit: u32) -> Self {
        Self {
            filter: RunFilter::default(),
            before: None,
            limit,
        }
    }
}

/// A page of runs, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunPage {
    /// The runs.
    pub runs: Vec<Run>,
    /// Where the next page begins; none when this is the last one.
    pub next: Option<RunId>,
}

/// How many runs are in which state; states without runs are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunCounts {
    /// By state.
    pub by_state: BTreeMap<RunState, u64>,
}

impl RunCounts {
    /// How many are in that state.
    pub fn of(&self, state: RunState) -> u64 {
        self.by_state.get(&state).copied().unwrap_or(0)
    }

    /// How many there are.
    pub fn total(&self) -> u64 {
        self.by_state.values().sum()
    }
}
