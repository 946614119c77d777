use tidemark_domain::{Arn, Job};
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
