use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::SimPoint;
use crate::{AccountId, Arn};

/// What is stored from a moment on. Points whose size is unknown count as zero bytes; sizes are those of
/// whole backups, so services that store only what changed bill less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageStep {
    /// From when.
    pub at: Timestamp,
    /// Bytes in warm storage.
    pub warm_bytes: u64,
    /// Bytes in cold storage.
    pub cold_bytes: u64,
    /// Points in warm storage.
    pub warm_points: u32,
    /// Points in cold storage.
    pub cold_points: u32,
}

/// Whose storage is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StorageBy {
    /// Points that a plan made.
    Plan(String),
    /// Points of a resource.
    Resource(Arn),
    /// Points that an account holds.
    Account(AccountId),
}

impl StorageBy {
    pub(super) fn holds(&self, point: &SimPoint) -> bool {
        match self {
            Self::Plan(id) => point.plan_id.as_ref() == Some(id),
            Self::Resource(arn) => point.resource == *arn,
            Self::Account(id) => point.account == *id,
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Change {
    warm_bytes: i128,
    cold_bytes: i128,
    warm_points: i64,
    cold_points: i64,
}

pub(super) fn storage<'a>(
    points: impl Iterator<Item = &'a SimPoint>,
    from: Timestamp,
    until: Timestamp,
    most: usize,
) -> Vec<StorageStep> {
    let mut changes: BTreeMap<Timestamp, Change> = BTreeMap::new();
    changes.entry(from).or_default();
    for point in points {
        let size = i128::from(point.size_bytes.unwrap_or_default());
        let mut add = |at: Timestamp, warm: i64, cold: i64| {
            if at <= until {
                let change = changes.entry(at.max(from)).or_default();
                change.warm_bytes += size * i128::from(warm);
                change.cold_bytes += size * i128::from(cold);
                change.warm_points += warm;
                change.cold_points += cold;
            }
        };
        add(point.exists_from, 1, 0);
        let cold = point.cold_from();
        if let Some(at) = cold {
            add(at, -1, 1);
        }
        if let Some(at) = point.gone_at() {
            if cold.is_some() {
                add(at, 0, -1);
            } else {
                add(at, -1, 0);
            }
        }
    }
    let mut now = Change::default();
    let steps: Vec<StorageStep> = changes
        .into_iter()
        .map(|(at, change)| {
            now.warm_bytes += change.warm_bytes;
            now.cold_bytes += change.cold_bytes;
            now.warm_points += change.warm_points;
            now.cold_points += change.cold_points;
            StorageStep {
                at,
                warm_bytes: u64::try_from(now.warm_bytes).unwrap_or_default(),
                cold_bytes: u64::try_from(now.cold_bytes).unwrap_or_default(),
                warm_points: u32::try_from(now.warm_points).unwrap_or_default(),
                cold_points: u32::try_from(now.cold_points).unwrap_or_default(),
            }
        })
        .collect();
    thin(steps, most)
}

/// At most so many steps, evenly chosen, with the first and the last one kept.
fn thin(steps: Vec<StorageStep>, most: usize) -> Vec<StorageStep> {
    if most < 2 || steps.len() <= most {
        return steps;
    }
    let last = steps.len() - 1;
    (0..most)
        .filter_map(|index| steps.get(index * last / (most - 1)).copied())
        .collect()
}
