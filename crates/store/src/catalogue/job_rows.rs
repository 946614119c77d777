use tidemark_domain::{JobFilter, JobRow, Page};
use tidemark_services::error::StoreError;

use super::{
    rows::{JOB, JobRow as Row},
    text::pattern,
};
use crate::{
    cursor,
    db::{Db, Sql},
};

const LIST: &str = "jobs";

#[derive(sqlx::FromRow)]
struct Listed {
    id: i64,
    alias: Option<String>,
    #[sqlx(flatten)]
    job: Row,
}

/// Jobs of every account, newest first.
pub(super) async fn job_rows(db: &Db, filter: &JobFilter) -> Result<Page<JobRow>, StoreError> {
    let limit = cursor::limit(filter.limit, 200)?;
    let mut sql = Sql::new(format!(
        "SELECT j.id, a.alias, {JOB} FROM jobs j JOIN scopes s ON s.id = j.scope_id \
         LEFT JOIN accounts a ON a.account = s.account WHERE j.id > 0"
    ));
    if let Some(since) = filter.since {
        sql.push(" AND j.created_at >= ")
            .bind(since.as_millisecond());
    }
    if let Some(kind) = filter.kind {
        sql.push(" AND j.kind = ").bind(kind.as_str());
    }
    if let Some(outcome) = filter.outcome {
        sql.push(" AND j.status IN ")
            .list(outcome.statuses().iter().copied());
    }
    if let Some(account) = &filter.account {
        sql.push(" AND s.account = ").bind(account.as_str());
    }
    if let Some(region) = &filter.region {
        sql.push(" AND s.region = ").bind(region.as_str());
    }
    let text = filter.text.as_deref().map(str::trim);
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        let pattern = pattern(&text.to_lowercase());
        sql.push(" AND (LOWER(COALESCE(j.resource_arn, '')) LIKE ")
            .bind(pattern.clone())
            .push(" ESCAPE '\\' OR LOWER(COALESCE(j.message, '')) LIKE ")
            .bind(pattern)
            .push(" ESCAPE '\\')");
    }
    if let Some(owner) = &filter.owner {
        of_owner(&mut sql, owner);
    }
    if let Some(cursor) = &filter.cursor {
        let (at, id): (i64, i64) = cursor::unpack(LIST, cursor)?;
        sql.push(" AND (j.created_at, j.id) < ")
            .rows([[at.into(), id.into()]]);
    }
    sql.push(&format!(
        " ORDER BY j.created_at DESC, j.id DESC LIMIT {}",
        limit + 1
    ));
    let mut rows: Vec<Listed> = db.fetch_all(sql).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = match rows.last() {
        Some(last) if more => Some(cursor::pack(LIST, &(last.job.created_at, last.id))?),
        _ => None,
    };
    let items = rows
        .into_iter()
        .map(|row| {
            Ok(JobRow {
                job: row.job.read()?,
                alias: row.alias.unwrap_or_default(),
            })
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(Page {
        items,
        next,
        total: None,
    })
}

/// Only jobs `j` of resources of this owner.
pub(super) fn of_owner(sql: &mut Sql, owner: &str) {
    sql.push(
        " AND EXISTS (SELECT 1 FROM resources r WHERE r.arn = j.resource_arn AND r.owner_key = ",
    )
    .bind(owner.to_ascii_lowercase())
    .push(")");
}
