use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
};

use jiff::Timestamp;
use tidemark_domain::{
    Arn, RecoveryPoint, Scope, Tier,
    timeline::{Look, State},
};
use tidemark_services::error::StoreError;

use super::{
    copies,
    diff::{by_values, delete, distinct, fingerprint, upsert},
    events::{self, NewEvent},
    facets::Facets,
    kept::Kept,
    moved::Moved,
    resources::{Hearsay, add_hearsay},
};
use crate::{
    convert::{millis, parsed, signed, word},
    db::{Arg, Sql, Tx},
};

const INSERT: &str = "INSERT INTO points (scope_id, resource_id, arn, resource_type, vault, \
     source, status, status_message, created_at, completed_at, size_bytes, tier, cold_at, \
     delete_at, locked, held, copied_from, copied_from_vault, parent, plan_id, rule_id, usable, look, \
     facet_id, fingerprint)";
const REPLACE: &str = "ON CONFLICT (scope_id, arn) DO UPDATE SET \
     resource_id = excluded.resource_id, resource_type = excluded.resource_type, \
     vault = excluded.vault, source = excluded.source, status = excluded.status, \
     status_message = excluded.status_message, created_at = excluded.created_at, \
     completed_at = excluded.completed_at, size_bytes = excluded.size_bytes, \
     tier = excluded.tier, cold_at = excluded.cold_at, delete_at = excluded.delete_at, \
     locked = excluded.locked, held = excluded.held, copied_from = excluded.copied_from, \
     copied_from_vault = excluded.copied_from_vault, \
     parent = excluded.parent, plan_id = excluded.plan_id, rule_id = excluded.rule_id, \
     usable = excluded.usable, look = excluded.look, facet_id = excluded.facet_id, fingerprint = excluded.fingerprint";

/// What the points of a scope take up.
#[derive(Default)]
pub(super) struct Storage {
    pub(super) points: i64,
    pub(super) warm_bytes: i64,
    pub(super) cold_bytes: i64,
}

impl Storage {
    fn add(&mut self, tier: &str, bytes: i64) {
        self.points += 1;
        let sum = if tier == "cold" {
            &mut self.cold_bytes
        } else {
            &mut self.warm_bytes
        };
        *sum = sum.saturating_add(bytes);
    }
}

#[derive(sqlx::FromRow)]
struct Known {
    id: i64,
    arn: String,
    resource_id: i64,
    resource_type: String,
    vault: Option<String>,
    tier: String,
    size_bytes: Option<i64>,
    source: String,
    created_at: i64,
    cold_at: Option<i64>,
    delete_at: Option<i64>,
    look: i64,
    held: i64,
    copied_from: Option<String>,
    facet_id: i64,
    fingerprint: i64,
}

/// Writes the points of a scope; resources whose points changed are added to `touched`, and the
/// stretches of their timelines to `moved`. Points that are gone leave an event.
pub(super) async fn apply(
    tx: &mut Tx,
    (scope, scope_id, at): (&Scope, i64, Timestamp),
    points: &[RecoveryPoint],
    kept: &Kept<'_>,
    touched: &mut BTreeSet<i64>,
    moved: &mut Moved,
) -> Result<Storage, StoreError> {
    let mut storage = Storage::default();
    let mut known = known(tx, scope_id).await?;
    let as_held = kept.holds().then(|| held_as_before(points, &known));
    let points = distinct(as_held.as_deref().unwrap_or(points), |point| {
        point.arn.as_str()
    });
    let mut facets = Facets::of(tx, scope_id, &points).await?;
    let unseen = points
        .iter()
        .map(|point| point.arn.as_str())
        .filter(|arn| !known.contains_key(*arn));
    let sources = copies::sources(tx, unseen).await?;
    let mut changed: Vec<(Cow<'_, RecoveryPoint>, i64, i64)> = Vec::new();
    let mut new: Vec<&str> = Vec::new();
    for as_read in points {
        let point = with_source(as_read, &known, &sources)?;
        let tier = if point.tier == Tier::Cold {
            "cold"
        } else {
            "warm"
        };
        storage.add(tier, point.size_bytes.map_or(0, signed));
        let fingerprint = fingerprint(point.as_ref())?;
        match known.remove(point.arn.as_str()) {
            Some(before) if before.fingerprint == fingerprint => {
                facets.add(
                    before.facet_id,
                    before.created_at,
                    before.size_bytes.unwrap_or(0),
                );
            }
            Some(before) => {
                touched.insert(before.resource_id);
                moved.point(before.resource_id, before.times());
                let facet = facets.count(&point);
                changed.push((point, facet, fingerprint));
            }
            None => {
                new.push(as_read.arn.as_str());
                let facet = facets.count(&point);
                changed.push((point, facet, fingerprint));
            }
        }
    }
    events::withdraw(tx, scope_id, new, moved).await?;
    let resources = resource_ids(tx, scope, &changed).await?;
    let mut rows = Vec::with_capacity(changed.len());
    for (point, facet_id, fingerprint) in changed {
        let resource_id = resources.get(point.resource_arn.as_str()).copied();
        let resource_id = resource_id
            .ok_or_else(|| StoreError::NotFound(format!("resource {}", point.resource_arn)))?;
        touched.insert(resource_id);
        let times = [point.cold_at, point.delete_at].map(|at| at.map(millis));
        moved.point(resource_id, (millis(point.created_at), times[0], times[1]));
        rows.push(row(scope_id, resource_id, &point, facet_id, fingerprint)?);
    }
    upsert(tx, INSERT, REPLACE, rows).await?;

    let mut gone = Vec::new();
    let mut left = Vec::new();
    for before in known.into_values() {
        if kept.point(before.vault.as_deref(), &before.resource_type) {
            let bytes = before.size_bytes.unwrap_or(0);
            storage.add(&before.tier, bytes);
            facets.add(before.facet_id, before.created_at, bytes);
        } else {
            touched.insert(before.resource_id);
            moved.point(before.resource_id, before.times());
            gone.push(before.id);
            left.extend(before.event(at));
        }
    }
    delete(tx, "points", gone).await?;
    events::write(tx, scope_id, left, moved).await?;
    facets.write(tx).await?;
    Ok(storage)
}

impl Known {
    fn times(&self) -> (i64, Option<i64>, Option<i64>) {
        (self.created_at, self.cold_at, self.delete_at)
    }

    /// What a timeline tells of the point now that it is gone. None for one that never was complete,
    /// and for snapshots that their service itself deletes by rules that are not known.
    fn event(self, at: Timestamp) -> Option<NewEvent> {
        let look = u16::try_from(self.look).map(Look::from_code);
        let creating = look.is_ok_and(|look| look.state == State::Creating);
        (!creating && self.source != "memory_db_snapshot").then(|| {
            NewEvent::gone(
                self.resource_id,
                self.arn,
                self.vault,
                (self.created_at, self.delete_at),
                at,
            )
        })
    }
}

/// The point with what it was copied from: that this was not told again is no reason to forget it.
fn with_source<'a>(
    point: &'a RecoveryPoint,
    known: &HashMap<String, Known>,
    sources: &HashMap<String, String>,
) -> Result<Cow<'a, RecoveryPoint>, StoreError> {
    let source = match known.get(point.arn.as_str()) {
        Some(before) => before.copied_from.as_ref(),
        None => sources.get(point.arn.as_str()),
    };
    match source {
        Some(source) if point.copied_from.as_ref().map(Arn::as_str) != Some(source) => {
            let mut point = point.clone();
            point.copied_from = Some(parsed(source.clone())?);
            Ok(Cow::Owned(point))
        }
        _ => Ok(Cow::Borrowed(point)),
    }
}

/// The points, with those held that were before: the holds could not be read.
fn held_as_before(points: &[RecoveryPoint], known: &HashMap<String, Known>) -> Vec<RecoveryPoint> {
    let mut points = points.to_vec();
    for point in &mut points {
        point.held |= known
            .get(point.arn.as_str())
            .is_some_and(|before| before.held != 0);
    }
    points
}

async fn known(tx: &mut Tx, scope_id: i64) -> Result<HashMap<String, Known>, StoreError> {
    let sql = "SELECT id, arn, resource_id, resource_type, vault, tier, size_bytes, source, \
               created_at, cold_at, delete_at, look, held, copied_from, facet_id, fingerprint \
               FROM points WHERE scope_id = $1";
    let rows: Vec<Known> = tx.fetch_all(Sql::new(sql).arg(scope_id)).await?;
    Ok(rows.into_iter().map(|row| (row.arn.clone(), row)).collect())
}

/// The rows of the points' resources, made where there are none yet.
async fn resource_ids(
    tx: &mut Tx,
    scope: &Scope,
    points: &[(Cow<'_, RecoveryPoint>, i64, i64)],
) -> Result<HashMap<String, i64>, StoreError> {
    let named: HashMap<&Arn, &RecoveryPoint> = points
        .iter()
        .map(|(point, ..)| (&point.resource_arn, point.as_ref()))
        .collect();
    let mut ids = look_up(tx, named.keys().map(|arn| arn.as_str())).await?;
    let unknown: Vec<Hearsay<'_>> = named
        .values()
        .filter(|point| !ids.contains_key(point.resource_arn.as_str()))
        .map(|point| Hearsay {
            arn: &point.resource_arn,
            resource_type: &point.resource_type,
        })
        .collect();
    add_hearsay(tx, scope, &unknown).await?;
    let made = unknown.iter().map(|hearsay| hearsay.arn.as_str());
    ids.extend(look_up(tx, made).await?);
    Ok(ids)
}

async fn look_up<'a>(
    tx: &mut Tx,
    arns: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, i64>, StoreError> {
    let mut ids = HashMap::new();
    for sql in by_values("SELECT arn, id FROM resources WHERE arn IN ", arns) {
        ids.extend(tx.fetch_all::<(String, i64)>(sql).await?);
    }
    Ok(ids)
}

fn row(
    scope_id: i64,
    resource_id: i64,
    point: &RecoveryPoint,
    facet_id: i64,
    fingerprint: i64,
) -> Result<[Arg; 25], StoreError> {
    Ok([
        scope_id.into(),
        resource_id.into(),
        point.arn.as_str().into(),
        point.resource_type.as_str().into(),
        point.vault.as_deref().into(),
        word(&point.source)?.into(),
        point.status.as_str().into(),
        point.status_message.as_deref().into(),
        millis(point.created_at).into(),
        point.completed_at.map(millis).into(),
        point.size_bytes.map(signed).into(),
        word(&point.tier)?.into(),
        point.cold_at.map(millis).into(),
        point.delete_at.map(millis).into(),
        point.locked.into(),
        point.held.into(),
        point.copied_from.as_ref().map(AsRef::as_ref).into(),
        point.copied_from_vault.as_ref().map(AsRef::as_ref).into(),
        point.parent.as_ref().map(AsRef::as_ref).into(),
        point.plan_id.as_deref().into(),
        point.rule_id.as_deref().into(),
        point.is_usable().into(),
        i64::from(Look::of(point).code()).into(),
        facet_id.into(),
        fingerprint.into(),
    ])
}
