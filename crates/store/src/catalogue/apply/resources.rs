use std::collections::{BTreeSet, HashMap};

use tidemark_domain::{Arn, Resource, ResourceType, Scope};
use tidemark_services::error::StoreError;

use super::{
    diff::{by_ids, by_values, distinct, fingerprint, statements},
    kept::Kept,
    totals::Totals,
};
use crate::{
    convert::{ABSENT, json, millis, signed},
    db::{Arg, Sql, Tx},
};

const INSERT: &str = "INSERT INTO resources (arn, resource_type, account, region, name, name_key, \
     search, tags, owner, owner_key, size_bytes, created_at, pitr_earliest, pitr_latest, deleted, listed_by, \
     fingerprint)";
const REPLACE: &str = "ON CONFLICT (arn) DO UPDATE SET resource_type = excluded.resource_type, \
     account = excluded.account, region = excluded.region, name = excluded.name, \
     name_key = excluded.name_key, search = excluded.search, tags = excluded.tags, \
     owner = excluded.owner, owner_key = excluded.owner_key, size_bytes = excluded.size_bytes, \
     created_at = excluded.created_at, \
     pitr_earliest = excluded.pitr_earliest, pitr_latest = excluded.pitr_latest, \
     deleted = excluded.deleted, listed_by = excluded.listed_by, \
     fingerprint = excluded.fingerprint RETURNING id";
const KEEP: &str = "ON CONFLICT (arn) DO NOTHING";

/// Writes the resources that a scope lists; those that changed are added to `touched`.
pub(super) async fn apply(
    tx: &mut Tx,
    scope: &Scope,
    scope_id: i64,
    resources: &[Resource],
    kept: &Kept<'_>,
    touched: &mut BTreeSet<i64>,
    totals: &mut Totals,
) -> Result<(), StoreError> {
    let mut known = listed(tx, scope_id).await?;
    let mut changed: Vec<(&Resource, i64)> = Vec::new();
    for resource in distinct(resources, |resource| resource.arn.as_str()) {
        let fingerprint = fingerprint(resource)?;
        match known.remove(resource.arn.as_str()) {
            Some(before) if before.fingerprint == fingerprint => {}
            _ => changed.push((resource, fingerprint)),
        }
    }
    let others = listed_elsewhere(tx, scope, scope_id, &changed, totals).await?;
    let rows = changed
        .iter()
        .filter(|(resource, _)| !others.contains(resource.arn.as_str()))
        .map(|&(resource, fingerprint)| row(scope, scope_id, resource, fingerprint))
        .collect::<Result<Vec<_>, _>>()?;
    for sql in statements(INSERT, REPLACE, rows) {
        let ids: Vec<(i64,)> = tx.fetch_all(sql).await?;
        touched.extend(ids.into_iter().map(|(id,)| id));
    }
    let gone = known
        .into_values()
        .filter(|before| !kept.resources(&before.resource_type))
        .map(|before| before.id);
    unlist(tx, gone, touched).await
}

#[derive(sqlx::FromRow)]
struct Listed {
    id: i64,
    arn: String,
    resource_type: String,
    fingerprint: i64,
}

async fn listed(tx: &mut Tx, scope_id: i64) -> Result<HashMap<String, Listed>, StoreError> {
    let sql = "SELECT id, arn, resource_type, fingerprint FROM resources WHERE listed_by = $1";
    let rows: Vec<Listed> = tx.fetch_all(Sql::new(sql).arg(scope_id)).await?;
    Ok(rows.into_iter().map(|row| (row.arn.clone(), row)).collect())
}

#[derive(sqlx::FromRow)]
struct Before {
    arn: String,
    account: String,
    region: String,
    listed_by: Option<i64>,
}

/// Of the changed resources, those that another scope vouches for and that are not at home here: what
/// this scope says of them is hearsay. The accounts of the others are counted anew, since a resource
/// whose ARN names no account may change its home.
async fn listed_elsewhere(
    tx: &mut Tx,
    scope: &Scope,
    scope_id: i64,
    changed: &[(&Resource, i64)],
    totals: &mut Totals,
) -> Result<BTreeSet<String>, StoreError> {
    let mut elsewhere = BTreeSet::new();
    let arns = changed.iter().map(|(resource, _)| resource.arn.as_str());
    let known = "SELECT arn, account, region, listed_by FROM resources WHERE arn IN ";
    for sql in by_values(known, arns) {
        let rows: Vec<Before> = tx.fetch_all(sql).await?;
        for before in rows {
            let at_home =
                before.account == scope.account.as_str() && before.region == scope.region.as_str();
            if !at_home && before.listed_by.is_some_and(|by| by != scope_id) {
                elsewhere.insert(before.arn);
            } else {
                totals.add(before.account);
            }
        }
    }
    Ok(elsewhere)
}

/// The resources are gone from the account. They stay, as deleted, while points of them remain.
async fn unlist(
    tx: &mut Tx,
    gone: impl IntoIterator<Item = i64>,
    touched: &mut BTreeSet<i64>,
) -> Result<(), StoreError> {
    let gone: Vec<i64> = gone.into_iter().collect();
    touched.extend(&gone);
    let unlist = "UPDATE resources SET listed_by = NULL, deleted = 1, fingerprint = 0, \
                  pitr_earliest = NULL, pitr_latest = NULL WHERE id IN ";
    for sql in by_ids(unlist, gone) {
        tx.execute(sql).await?;
    }
    Ok(())
}

/// Resources at home in this scope that only points tell of are gone, now that the scope was read, if their type is one
/// that is read; of other types nobody knows. Those that change are added to `touched`.
pub(super) async fn mark_deleted(
    tx: &mut Tx,
    scope: &Scope,
    kept: &Kept<'_>,
    touched: &mut BTreeSet<i64>,
) -> Result<(), StoreError> {
    let listed = || ResourceType::LISTED.into_iter();
    let here = |deleted: bool| {
        let sql = "UPDATE resources SET deleted = $3 WHERE account = $1 AND region = $2 \
                   AND listed_by IS NULL AND deleted <> $3";
        Sql::new(sql)
            .arg(scope.account.as_str())
            .arg(scope.region.as_str())
            .arg(deleted)
    };
    let read: Vec<ResourceType> = listed()
        .filter(|one| !kept.types().any(|kept| kept == one.as_str()))
        .collect();
    if !read.is_empty() {
        let mut gone = here(true);
        gone.push(" AND resource_type IN ")
            .list(read.iter().map(ResourceType::as_str))
            .push(" RETURNING id");
        let ids: Vec<(i64,)> = tx.fetch_all(gone).await?;
        touched.extend(ids.into_iter().map(|(id,)| id));
    }
    let names: Vec<String> = listed().map(|one| one.to_string()).collect();
    let mut unknown = here(false);
    unknown
        .push(" AND resource_type NOT IN ")
        .list(names.iter().map(String::as_str))
        .push(" RETURNING id");
    let ids: Vec<(i64,)> = tx.fetch_all(unknown).await?;
    touched.extend(ids.into_iter().map(|(id,)| id));
    Ok(())
}

/// A resource that only its points tell of.
pub(super) struct Hearsay<'a> {
    pub(super) arn: &'a Arn,
    pub(super) resource_type: &'a ResourceType,
}

/// Makes rows for resources that nobody listed yet, so that their points have a page.
pub(super) async fn add_hearsay(
    tx: &mut Tx,
    scope: &Scope,
    resources: &[Hearsay<'_>],
) -> Result<(), StoreError> {
    let rows = resources
        .iter()
        .map(|hearsay| {
            let (account, region) = home(hearsay.arn, scope, scope.region.as_str());
            let name = hearsay.arn.name();
            [
                hearsay.arn.as_str().into(),
                hearsay.resource_type.as_str().into(),
                account.into(),
                region.into(),
                name.into(),
                name.to_lowercase().into(),
                search(hearsay.arn, name).into(),
                "{}".into(),
                Arg::Text(None),
                Arg::Text(None),
                ABSENT.into(),
                Arg::Int(None),
                Arg::Int(None),
                Arg::Int(None),
                false.into(),
                Arg::Int(None),
                0.into(),
            ]
        })
        .collect();
    for sql in statements(INSERT, KEEP, rows) {
        tx.execute(sql).await?;
    }
    Ok(())
}

fn row(
    scope: &Scope,
    scope_id: i64,
    resource: &Resource,
    fingerprint: i64,
) -> Result<[Arg; 17], StoreError> {
    let (account, region) = home(&resource.arn, scope, resource.region.as_str());
    let size = resource.size_bytes.map_or(ABSENT, signed);
    let owner = resource.owner();
    Ok([
        resource.arn.as_str().into(),
        resource.resource_type.as_str().into(),
        account.into(),
        region.into(),
        resource.name.as_str().into(),
        resource.name.to_lowercase().into(),
        search(&resource.arn, &resource.name).into(),
        json(&resource.tags)?.into(),
        owner.into(),
        owner.map(str::to_ascii_lowercase).into(),
        size.into(),
        resource.created_at.map(millis).into(),
        resource.pitr.map(|pitr| millis(pitr.earliest)).into(),
        resource.pitr.map(|pitr| millis(pitr.latest)).into(),
        resource.deleted.into(),
        scope_id.into(),
        fingerprint.into(),
    ])
}

/// Account and Region that a resource belongs to: those of its ARN, and where that names none, as
/// with S3, those of the scope that knows it.
fn home<'a>(arn: &'a Arn, scope: &'a Scope, region: &'a str) -> (&'a str, &'a str) {
    let account = match arn.account() {
        "" | "aws" => scope.account.as_str(),
        account => account,
    };
    let region = match arn.region() {
        "" => region,
        region => region,
    };
    (account, region)
}

/// What a text is looked for in; the ARN alone when it ends with the name, as most do.
fn search(arn: &Arn, name: &str) -> String {
    let arn = arn.as_str().to_lowercase();
    let name = name.to_lowercase();
    if arn.contains(&name) {
        arn
    } else {
        format!("{name}\n{arn}")
    }
}
