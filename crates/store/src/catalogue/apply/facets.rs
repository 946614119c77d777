use std::collections::HashMap;

use tidemark_domain::{PointSource, RecoveryPoint, Tier};
use tidemark_services::error::StoreError;

use super::diff::{delete, statements};
use crate::{
    convert::{millis, signed, word},
    db::{Arg, Sql, Tx},
};

const INSERT: &str = "INSERT INTO point_facets (scope_id, vault, resource_type, source, status, \
                      tier, plan_id, locked, held)";
const NEW: &str = "RETURNING id, vault, resource_type, source, status, tier, plan_id, locked, held, \
                   points, bytes, oldest, newest";
const SUMS: &str = "UPDATE point_facets SET points = v.column2, bytes = v.column3, \
                    oldest = v.column4, newest = v.column5 FROM (";
const SUMS_END: &str = ") AS v WHERE point_facets.id = v.column1";

/// A combination of what lists of points are filtered by, as its row has it.
#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    vault: String,
    resource_type: String,
    source: String,
    status: String,
    tier: String,
    plan_id: String,
    locked: i64,
    held: i64,
    points: i64,
    bytes: i64,
    oldest: i64,
    newest: i64,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    vault: String,
    resource_type: String,
    source: PointSource,
    status: String,
    tier: Tier,
    plan_id: String,
    locked: bool,
    held: bool,
}

impl Key {
    fn of(point: &RecoveryPoint) -> Self {
        Self {
            vault: point.vault.clone().unwrap_or_default(),
            resource_type: point.resource_type.as_str().to_owned(),
            source: point.source,
            status: point.status.clone(),
            tier: point.tier,
            plan_id: point.plan_id.clone().unwrap_or_default(),
            locked: point.locked,
            held: point.held,
        }
    }

    fn row(&self, scope_id: i64) -> Result<[Arg; 9], StoreError> {
        Ok([
            scope_id.into(),
            self.vault.as_str().into(),
            self.resource_type.as_str().into(),
            word(&self.source)?.into(),
            self.status.as_str().into(),
            word(&self.tier)?.into(),
            self.plan_id.as_str().into(),
            self.locked.into(),
            self.held.into(),
        ])
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Sums {
    points: i64,
    bytes: i64,
    oldest: i64,
    newest: i64,
}

impl Sums {
    fn add(&mut self, created_at: i64, bytes: i64) {
        let first = self.points == 0;
        self.points += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        self.oldest = if first {
            created_at
        } else {
            self.oldest.min(created_at)
        };
        self.newest = if first {
            created_at
        } else {
            self.newest.max(created_at)
        };
    }
}

/// The combinations of a scope, and what is counted anew of each.
pub(super) struct Facets {
    scope_id: i64,
    ids: HashMap<Key, i64>,
    before: HashMap<i64, Sums>,
    now: HashMap<i64, Sums>,
}

impl Facets {
    /// Those of a scope, with those that the points bring along.
    pub(super) async fn of(
        tx: &mut Tx,
        scope_id: i64,
        points: &[&RecoveryPoint],
    ) -> Result<Self, StoreError> {
        let sql = "SELECT id, vault, resource_type, source, status, tier, plan_id, locked, held, \
                   points, bytes, oldest, newest FROM point_facets WHERE scope_id = $1";
        let rows: Vec<Row> = tx.fetch_all(Sql::new(sql).arg(scope_id)).await?;
        let mut facets = Self {
            scope_id,
            ids: HashMap::new(),
            before: HashMap::new(),
            now: HashMap::new(),
        };
        facets.take(rows)?;
        facets.make(tx, points).await?;
        Ok(facets)
    }

    fn take(&mut self, rows: Vec<Row>) -> Result<(), StoreError> {
        for row in rows {
            let sums = Sums {
                points: row.points,
                bytes: row.bytes,
                oldest: row.oldest,
                newest: row.newest,
            };
            self.before.insert(row.id, sums);
            let key = Key {
                vault: row.vault,
                resource_type: row.resource_type,
                source: crate::convert::from_word(row.source)?,
                status: row.status,
                tier: crate::convert::from_word(row.tier)?,
                plan_id: row.plan_id,
                locked: row.locked != 0,
                held: row.held != 0,
            };
            self.ids.insert(key, row.id);
        }
        Ok(())
    }

    async fn make(&mut self, tx: &mut Tx, points: &[&RecoveryPoint]) -> Result<(), StoreError> {
        let mut new: Vec<Key> = Vec::new();
        for point in points {
            let key = Key::of(point);
            if !self.ids.contains_key(&key) {
                self.ids.insert(key.clone(), 0);
                new.push(key);
            }
        }
        let rows = new
            .iter()
            .map(|key| key.row(self.scope_id))
            .collect::<Result<Vec<_>, _>>()?;
        for sql in statements(INSERT, NEW, rows) {
            let made: Vec<Row> = tx.fetch_all(sql).await?;
            self.take(made)?;
        }
        Ok(())
    }

    /// Counts a point, and answers the id of its combination.
    pub(super) fn count(&mut self, point: &RecoveryPoint) -> i64 {
        let id = self.ids.get(&Key::of(point)).copied().unwrap_or_default();
        let bytes = point.size_bytes.map_or(0, signed);
        self.add(id, millis(point.created_at), bytes);
        id
    }

    /// Counts a point that is known to have this combination.
    pub(super) fn add(&mut self, id: i64, created_at: i64, bytes: i64) {
        self.now.entry(id).or_default().add(created_at, bytes);
    }

    /// Writes the sums that have changed; combinations without points go.
    pub(super) async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        let changed = self
            .now
            .iter()
            .filter(|(id, sums)| self.before.get(id) != Some(sums))
            .map(|(id, sums)| {
                [
                    (*id).into(),
                    sums.points.into(),
                    sums.bytes.into(),
                    sums.oldest.into(),
                    sums.newest.into(),
                ]
            })
            .collect();
        for sql in statements::<5>(SUMS, SUMS_END, changed) {
            tx.execute(sql).await?;
        }
        let empty = self.before.keys().filter(|id| !self.now.contains_key(id));
        delete(tx, "point_facets", empty.copied()).await
    }
}
