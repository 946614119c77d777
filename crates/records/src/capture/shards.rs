use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::{
    index::{CaptureEntry, Gap, ShardEntry},
    ports::Shard,
};

/// How long a stream keeps its records.
pub(super) const RETENTION: SignedDuration = SignedDuration::from_hours(24);

/// What to do about the shards that a stream has now.
#[derive(Debug, Default)]
pub(super) struct ShardPlan {
    /// To be read: not read to their end, and their parents are.
    pub(super) ready: Vec<ReadyShard>,
    /// Gone with changes that were never read.
    pub(super) lost: Vec<Gap>,
    /// Gone, and no longer of use.
    pub(super) forgotten: Vec<String>,
}

/// A shard to be read.
#[derive(Clone, Debug)]
pub(super) struct ReadyShard {
    pub(super) id: String,
    /// How far it is stored.
    pub(super) entry: ShardEntry,
    /// Its beginning may have been forgotten before it was read: since when.
    pub(super) late_since: Option<Timestamp>,
}

/// Which shards to read, in the order parent before child.
pub(super) fn plan(capture: &CaptureEntry, shards: &[Shard], now: Timestamp) -> ShardPlan {
    let present: BTreeMap<&str, &Shard> = shards.iter().map(|s| (s.id.as_str(), s)).collect();
    let closed = |id: &str| {
        capture
            .shards
            .get(id)
            .is_some_and(|entry| entry.mark.closed)
    };
    let mut plan = ShardPlan::default();
    for shard in shards {
        if closed(&shard.id) {
            continue;
        }
        if let Some(parent) = &shard.parent
            && present.contains_key(parent.as_str())
            && !closed(parent)
        {
            continue;
        }
        let known = capture.shards.get(&shard.id);
        let mut entry = known.cloned().unwrap_or_default();
        // Who stores by events does not know it.
        entry.parent = entry.parent.or_else(|| shard.parent.clone());
        let parent = shard.parent.as_ref().and_then(|id| capture.shards.get(id));
        // Its changes come after its parent's; the first shards' are wanted since the capture began.
        let is_first = capture.shards.is_empty() || known.is_some();
        entry.mark.at = entry
            .mark
            .at
            .or_else(|| parent.and_then(|parent| parent.mark.at))
            .or_else(|| is_first.then_some(capture.since));
        // Reading from the trim horizon does not tell whether something was trimmed.
        let late_since = entry
            .mark
            .at
            .filter(|_| entry.mark.sequence.is_none())
            .filter(|at| now.duration_since(*at) > RETENTION);
        plan.ready.push(ReadyShard {
            id: shard.id.clone(),
            entry,
            late_since,
        });
    }
    for (id, entry) in &capture.shards {
        if present.contains_key(id.as_str()) {
            continue;
        }
        if !entry.mark.closed {
            plan.lost.push(Gap {
                shard: id.clone(),
                after_sequence: entry.mark.sequence.clone(),
                from: entry.mark.at.unwrap_or(capture.since),
                until_sequence: None,
                until: now,
                noticed_at: now,
            });
        }
        // A child that was not yet read looks up its parent's mark.
        let has_child = shards.iter().any(|shard| {
            shard.parent.as_deref() == Some(id) && !capture.shards.contains_key(&shard.id)
        });
        if !has_child {
            plan.forgotten.push(id.clone());
        }
    }
    plan
}
