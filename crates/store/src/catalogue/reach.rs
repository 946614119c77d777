use std::collections::{BTreeMap, HashMap, HashSet};

use tidemark_domain::{Arn, RecoveryPoint, Scope, change::ResourceReach};
use tidemark_services::error::StoreError;

use super::CHUNK;
use crate::{
    convert::{optional_time, parsed},
    db::{Db, Sql},
};

#[derive(Clone, Copy, Default)]
struct Ends {
    points: u64,
    oldest: Option<i64>,
    newest: Option<i64>,
}

impl Ends {
    fn add(&mut self, at: i64) {
        self.points += 1;
        self.oldest = Some(self.oldest.map_or(at, |oldest| oldest.min(at)));
        self.newest = Some(self.newest.map_or(at, |newest| newest.max(at)));
    }
}

/// How far back the resources of these points reach, with them and without them.
pub(super) async fn reach(
    db: &Db,
    points: &[RecoveryPoint],
) -> Result<Vec<ResourceReach>, StoreError> {
    let (gone, resources) = ids(db, points).await?;
    let mut reaches = Vec::with_capacity(resources.len());
    for chunk in resources.chunks(CHUNK) {
        let mut names = Sql::new("SELECT id, arn, name FROM resources WHERE id IN ");
        names.list(chunk.iter().copied());
        let names: Vec<(i64, String, String)> = db.fetch_all(names.once()).await?;
        let mut usable = Sql::new(
            "SELECT resource_id, id, created_at FROM points WHERE usable = 1 AND resource_id IN ",
        );
        usable.list(chunk.iter().copied());
        let usable: Vec<(i64, i64, i64)> = db.fetch_all(usable.once()).await?;
        let mut ends: HashMap<i64, (Ends, Ends)> = HashMap::new();
        for (resource, id, at) in usable {
            let (before, after) = ends.entry(resource).or_default();
            before.add(at);
            if !gone.contains(&id) {
                after.add(at);
            }
        }
        for (id, arn, name) in names {
            let (before, after) = ends.remove(&id).unwrap_or_default();
            reaches.push(ResourceReach {
                resource: parsed::<Arn>(arn)?,
                name,
                before: before.points,
                after: after.points,
                furthest_before: optional_time(before.oldest)?,
                furthest_after: optional_time(after.oldest)?,
                newest_after: optional_time(after.newest)?,
            });
        }
    }
    reaches.sort_by(|a, b| a.resource.cmp(&b.resource));
    Ok(reaches)
}

/// The rows of the points, and of their resources, each once.
async fn ids(db: &Db, points: &[RecoveryPoint]) -> Result<(HashSet<i64>, Vec<i64>), StoreError> {
    let mut by_scope: BTreeMap<Scope, Vec<&str>> = BTreeMap::new();
    for point in points {
        let scope = Scope {
            account: point.account.clone(),
            region: point.region.clone(),
        };
        by_scope.entry(scope).or_default().push(point.arn.as_str());
    }
    let mut gone = HashSet::with_capacity(points.len());
    let mut resources = HashSet::new();
    for (scope, arns) in by_scope {
        for arns in arns.chunks(CHUNK) {
            let mut sql = Sql::new(
                "SELECT id, resource_id FROM points WHERE scope_id = \
                 (SELECT id FROM scopes WHERE account = ",
            );
            sql.bind(scope.account.as_str())
                .push(" AND region = ")
                .bind(scope.region.as_str())
                .push(") AND arn IN ");
            sql.list(arns.iter().copied());
            let rows: Vec<(i64, i64)> = db.fetch_all(sql.once()).await?;
            for (id, resource) in rows {
                gone.insert(id);
                resources.insert(resource);
            }
        }
    }
    Ok((gone, resources.into_iter().collect()))
}
