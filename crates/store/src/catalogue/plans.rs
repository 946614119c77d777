use tidemark_domain::{
    Page, Scope,
    plan::{PlanFilter, PlanKey, PlanRecord},
};
use tidemark_services::error::StoreError;

use crate::{
    convert::from_json,
    cursor,
    db::{Db, Sql},
};

/// Rows of a page at most.
const MOST: u16 = 200;

const FROM: &str = "FROM plans p JOIN scopes s ON s.id = p.scope_id";

/// A page of plans in the order of their names.
pub(super) async fn plans(db: &Db, filter: &PlanFilter) -> Result<Page<PlanRecord>, StoreError> {
    let limit = cursor::limit(filter.limit, MOST)?;
    let list = if filter.descending { "plans-" } else { "plans" };
    let mut sql = Sql::new(format!(
        "SELECT p.name_key, p.id, p.record {FROM} WHERE 1 = 1"
    ));
    conditions(&mut sql, filter);
    if let Some(cursor) = &filter.cursor {
        let (name, id): (String, i64) = cursor::unpack(list, cursor)?;
        sql.push(if filter.descending {
            " AND (p.name_key, p.id) < ("
        } else {
            " AND (p.name_key, p.id) > ("
        })
        .bind(name)
        .push(", ")
        .bind(id)
        .push(")");
    }
    sql.push(if filter.descending {
        " ORDER BY p.name_key DESC, p.id DESC LIMIT "
    } else {
        " ORDER BY p.name_key, p.id LIMIT "
    })
    .bind(i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1));
    let mut rows: Vec<(String, i64, String)> = db.fetch_all(sql).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = match rows.last() {
        Some((name, id, _)) if more => Some(cursor::pack(list, &(name, id))?),
        _ => None,
    };
    let items = rows
        .iter()
        .map(|(_, _, record)| from_json(record))
        .collect::<Result<_, _>>()?;
    let total = count(db, filter).await?;
    Ok(Page {
        items,
        next,
        total: Some(total),
    })
}

async fn count(db: &Db, filter: &PlanFilter) -> Result<u64, StoreError> {
    let mut sql = Sql::new(format!("SELECT count(*) {FROM} WHERE 1 = 1"));
    conditions(&mut sql, filter);
    let row: Option<(i64,)> = db.fetch_optional(sql).await?;
    Ok(row.map_or(0, |(count,)| u64::try_from(count).unwrap_or(0)))
}

fn conditions(sql: &mut Sql, filter: &PlanFilter) {
    if let Some(account) = &filter.account {
        sql.push(" AND s.account = ").bind(account.as_str());
    }
    if let Some(region) = &filter.region {
        sql.push(" AND s.region = ").bind(region.as_str());
    }
    if let Some(name) = &filter.name {
        sql.push(" AND p.name = ").bind(name.as_str());
    }
    let text = filter.text.as_deref().map(str::trim).unwrap_or_default();
    if !text.is_empty() {
        let mut pattern = String::from("%");
        for c in text.to_lowercase().chars() {
            if matches!(c, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern.push('%');
        sql.push(" AND p.name_key LIKE ")
            .bind(pattern)
            .push(" ESCAPE '\\'");
    }
}

/// One plan.
pub(super) async fn plan(db: &Db, key: &PlanKey) -> Result<Option<PlanRecord>, StoreError> {
    let sql =
        format!("SELECT p.record {FROM} WHERE s.account = $1 AND s.region = $2 AND p.plan_id = $3");
    let sql = Sql::new(sql)
        .arg(key.account.as_str())
        .arg(key.region.as_str())
        .arg(key.id.as_str());
    let row: Option<(String,)> = db.fetch_optional(sql).await?;
    row.map(|(record,)| from_json(&record)).transpose()
}

/// Every plan of a scope, by name.
pub(super) async fn plans_of(db: &Db, scope: &Scope) -> Result<Vec<PlanRecord>, StoreError> {
    let sql = format!(
        "SELECT p.record {FROM} WHERE s.account = $1 AND s.region = $2 ORDER BY p.name_key, p.id"
    );
    let sql = Sql::new(sql)
        .arg(scope.account.as_str())
        .arg(scope.region.as_str());
    records(db, sql).await
}

/// Every plan of exactly this name, by account and Region.
pub(super) async fn plans_named(db: &Db, name: &str) -> Result<Vec<PlanRecord>, StoreError> {
    let sql =
        format!("SELECT p.record {FROM} WHERE p.name = $1 ORDER BY s.account, s.region, p.plan_id");
    records(db, Sql::new(sql).arg(name)).await
}

async fn records(db: &Db, sql: Sql) -> Result<Vec<PlanRecord>, StoreError> {
    let rows: Vec<(String,)> = db.fetch_all(sql).await?;
    rows.iter().map(|(record,)| from_json(record)).collect()
}
