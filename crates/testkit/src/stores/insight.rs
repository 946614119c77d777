use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::{Timestamp, civil::Date};
use tidemark_domain::{
    Arn, JobKind, PointSource, RecoveryPoint, Resource,
    cost::StoredBytes,
    coverage::{Control, ControlChange, CoverageFacts, DayCount},
};
use tidemark_services::{
    error::StoreError,
    owner_of,
    ports::{Insight, StoredPart},
};

use super::{FakeCatalogue, known::Data};

/// Sums over a catalogue in memory, and controls. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct FakeInsight {
    catalogue: FakeCatalogue,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    controls: BTreeMap<String, Control>,
    changes: Vec<ControlChange>,
    days: BTreeMap<(Date, String), DayCount>,
}

impl FakeInsight {
    /// Looks at this catalogue.
    pub fn new(catalogue: FakeCatalogue) -> Self {
        Self {
            catalogue,
            kept: Arc::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn is_of(resource: &Resource, owner: Option<&str>) -> bool {
    owner
        .is_none_or(|owner| owner_of(resource).is_some_and(|name| name.eq_ignore_ascii_case(owner)))
}

fn facts(data: &Data, resource: &Resource) -> CoverageFacts {
    let points: Vec<&RecoveryPoint> = data
        .points
        .values()
        .filter(|point| point.resource_arn == resource.arn && point.is_usable())
        .collect();
    let holds = |point: &RecoveryPoint| {
        if point.source == PointSource::Continuous && point.status == "AVAILABLE" {
            data.last_success(&point.account, &point.region)
                .unwrap_or(point.created_at)
        } else {
            point.created_at
        }
    };
    let newest = |wanted: &dyn Fn(&RecoveryPoint) -> bool| {
        points
            .iter()
            .filter(|point| wanted(point))
            .map(|point| holds(point))
            .max()
    };
    CoverageFacts {
        arn: resource.arn.clone(),
        resource_type: resource.resource_type.clone(),
        account: resource.account.clone(),
        region: resource.region.clone(),
        name: resource.name.clone(),
        owner: owner_of(resource).map(str::to_owned),
        tags: resource.tags.clone(),
        created_at: resource.created_at,
        pitr: resource.pitr,
        points: points.len() as u64,
        newest: newest(&|_| true),
        oldest: points.iter().map(|point| point.created_at).min(),
        newest_other_region: newest(&|point| point.region != resource.region),
        newest_other_account: newest(&|point| point.account != resource.account),
        newest_locked: newest(&|point| point.locked),
        longest_kept_days: points
            .iter()
            .filter(|point| point.source != PointSource::Continuous)
            .map(|point| {
                point.delete_at.map_or(i64::MAX, |at| {
                    at.duration_since(point.created_at).as_hours() / 24
                })
            })
            .max(),
        last_restore: data
            .jobs
            .values()
            .filter(|job| job.kind == JobKind::Restore && job.status == "COMPLETED")
            .filter(|job| job.resource_arn.as_ref() == Some(&resource.arn))
            .filter_map(|job| job.completed_at)
            .max(),
        encrypted: None,
        plans: None,
    }
}

fn stored<'a>(points: impl Iterator<Item = &'a RecoveryPoint>) -> Vec<StoredPart> {
    type Key = (String, String, String, bool, Option<String>);
    let mut parts: BTreeMap<Key, StoredPart> = BTreeMap::new();
    for point in points {
        let cold = point.tier == tidemark_domain::Tier::Cold;
        let key = (
            point.account.to_string(),
            point.region.to_string(),
            point.resource_type.to_string(),
            !cold,
            point.plan_id.clone(),
        );
        let part = parts.entry(key).or_insert_with(|| StoredPart {
            account: point.account.clone(),
            plan_id: point.plan_id.clone(),
            stored: StoredBytes {
                resource_type: point.resource_type.clone(),
                region: point.region.clone(),
                tier: point.tier,
                bytes: 0,
                points: 0,
            },
        });
        part.stored.bytes += point.size_bytes.unwrap_or_default();
        part.stored.points += 1;
    }
    parts.into_values().collect()
}

#[async_trait]
impl Insight for FakeInsight {
    async fn coverage_facts(&self, owner: Option<&str>) -> Result<Vec<CoverageFacts>, StoreError> {
        let data = self.catalogue.lock();
        Ok(data
            .resources
            .values()
            .filter(|resource| !resource.deleted && is_of(resource, owner))
            .map(|resource| facts(&data, resource))
            .collect())
    }

    async fn stored(&self, owner: Option<&str>) -> Result<Vec<StoredPart>, StoreError> {
        let data = self.catalogue.lock();
        Ok(stored(data.points.values().filter(|point| {
            owner.is_none()
                || data
                    .resources
                    .get(&point.resource_arn)
                    .is_some_and(|resource| is_of(resource, owner))
        })))
    }

    async fn stored_of(&self, resource: &Arn) -> Result<Vec<StoredPart>, StoreError> {
        let data = self.catalogue.lock();
        Ok(stored(
            data.points
                .values()
                .filter(|point| point.resource_arn == *resource),
        ))
    }

    async fn controls(&self) -> Result<Vec<Control>, StoreError> {
        Ok(self.kept().controls.values().cloned().collect())
    }

    async fn put_control(
        &self,
        control: &Control,
        by: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut kept = self.kept();
        kept.controls.insert(control.id.clone(), control.clone());
        kept.changes.push(ControlChange {
            at,
            by: by.to_owned(),
            id: control.id.clone(),
            control: Some(control.clone()),
        });
        Ok(())
    }

    async fn remove_control(&self, id: &str, by: &str, at: Timestamp) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        let gone = kept.controls.remove(id).is_some();
        if gone {
            kept.changes.push(ControlChange {
                at,
                by: by.to_owned(),
                id: id.to_owned(),
                control: None,
            });
        }
        Ok(gone)
    }

    async fn control_changes(&self, limit: u16) -> Result<Vec<ControlChange>, StoreError> {
        let kept = self.kept();
        Ok(kept
            .changes
            .iter()
            .rev()
            .take(usize::from(limit))
            .cloned()
            .collect())
    }

    async fn keep_day(&self, day: Date, counts: &[DayCount]) -> Result<(), StoreError> {
        let mut kept = self.kept();
        kept.days.retain(|(own, _), _| *own != day);
        for count in counts {
            kept.days.insert(
                (day, count.control.clone()),
                DayCount {
                    day,
                    ..count.clone()
                },
            );
        }
        Ok(())
    }

    async fn days(&self, from: Date) -> Result<Vec<DayCount>, StoreError> {
        Ok(self
            .kept()
            .days
            .values()
            .filter(|count| count.day >= from)
            .cloned()
            .collect())
    }
}
