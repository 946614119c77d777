use tidemark_domain::{Arn, Job, plan::PlanKey};
use tidemark_services::error::StoreError;

use super::rows::{JOB, JobRow};
use crate::db::{Db, Sql};

/// Newest first.
pub(super) async fn jobs(db: &Db, resource: &Arn, limit: u16) -> Result<Vec<Job>, StoreError> {
    let sql = format!(
        "SELECT {JOB} FROM jobs j JOIN scopes s ON s.id = j.scope_id WHERE j.resource_arn = $1 \
         ORDER BY j.created_at DESC, j.job_id DESC LIMIT $2"
    );
    let sql = Sql::new(sql).arg(resource.as_str()).arg(i64::from(limit));
    let rows: Vec<JobRow> = db.fetch_all(sql).await?;
    rows.into_iter().map(JobRow::read).collect()
}

/// Jobs that a plan asked for, newest first.
pub(super) async fn plan_jobs(db: &Db, key: &PlanKey, limit: u16) -> Result<Vec<Job>, StoreError> {
    let sql = format!(
        "SELECT {JOB} FROM jobs j JOIN scopes s ON s.id = j.scope_id \
         WHERE j.plan_id = $1 AND s.account = $2 AND s.region = $3 \
         ORDER BY j.created_at DESC, j.job_id DESC LIMIT $4"
    );
    let sql = Sql::new(sql)
        .arg(key.id.as_str())
        .arg(key.account.as_str())
        .arg(key.region.as_str())
        .arg(i64::from(limit));
    let rows: Vec<JobRow> = db.fetch_all(sql).await?;
    rows.into_iter().map(JobRow::read).collect()
}
