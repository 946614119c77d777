use jiff::Timestamp;
use tidemark_domain::{JobCause, JobOutcome};
use tidemark_services::error::StoreError;

use super::job_rows::of_owner;
use crate::{
    convert::{from_word, optional, time, unsigned},
    db::{Db, Sql},
};

#[derive(sqlx::FromRow)]
struct Row {
    kind: String,
    status: String,
    message: Option<String>,
    jobs: i64,
    resources: i64,
    accounts: i64,
    last: i64,
    example: Option<String>,
}

/// What failed since then, by AWS's own words, the most frequent first.
pub(super) async fn job_causes(
    db: &Db,
    since: Timestamp,
    owner: Option<&str>,
    limit: u16,
) -> Result<Vec<JobCause>, StoreError> {
    let mut sql = Sql::new(
        "SELECT j.kind, j.status, j.message, COUNT(*) AS jobs, \
         COUNT(DISTINCT j.resource_arn) AS resources, COUNT(DISTINCT s.account) AS accounts, \
         MAX(j.created_at) AS last, MAX(j.resource_arn) AS example \
         FROM jobs j JOIN scopes s ON s.id = j.scope_id WHERE j.created_at >= ",
    );
    sql.bind(since.as_millisecond())
        .push(" AND j.status IN ")
        .list(JobOutcome::Failed.statuses().iter().copied());
    if let Some(owner) = owner {
        of_owner(&mut sql, owner);
    }
    sql.push(&format!(
        " GROUP BY j.kind, j.status, j.message ORDER BY COUNT(*) DESC, MAX(j.created_at) DESC LIMIT {limit}"
    ));
    let rows: Vec<Row> = db.fetch_all(sql).await?;
    rows.into_iter()
        .map(|row| {
            Ok(JobCause {
                kind: from_word(row.kind)?,
                status: row.status,
                message: row.message,
                jobs: unsigned(row.jobs),
                resources: unsigned(row.resources),
                accounts: unsigned(row.accounts),
                last: time(row.last)?,
                example: optional(row.example)?,
            })
        })
        .collect()
}
