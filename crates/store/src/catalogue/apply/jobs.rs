use std::collections::{BTreeSet, HashMap};

use tidemark_domain::{Job, JobKind, timeline::EventKind};
use tidemark_services::error::StoreError;

use super::{
    diff::{by_values, delete, distinct, fingerprint, upsert},
    events::{self, NewEvent},
    kept::Kept,
    moved::Moved,
};
use crate::{
    convert::{millis, word},
    db::{Sql, Tx},
};

const INSERT: &str = "INSERT INTO jobs (scope_id, job_id, kind, resource_arn, point_arn, status, \
                      message, percent, created_at, completed_at, verdict, vault, plan_id, \
                      rule_id, start_by, fingerprint)";
const REPLACE: &str = "ON CONFLICT (scope_id, job_id) DO UPDATE SET kind = excluded.kind, \
     resource_arn = excluded.resource_arn, point_arn = excluded.point_arn, \
     status = excluded.status, message = excluded.message, percent = excluded.percent, \
     created_at = excluded.created_at, completed_at = excluded.completed_at, \
     verdict = excluded.verdict, vault = excluded.vault, plan_id = excluded.plan_id, \
     rule_id = excluded.rule_id, start_by = excluded.start_by, fingerprint = excluded.fingerprint";

#[derive(sqlx::FromRow)]
struct Known {
    id: i64,
    job_id: String,
    resource_arn: Option<String>,
    fingerprint: i64,
}

/// Writes the jobs; resources whose jobs changed are added to `touched`. Jobs that failed or were
/// missed leave an event, which stays when AWS lists them no more.
pub(super) async fn apply(
    tx: &mut Tx,
    scope_id: i64,
    jobs: &[Job],
    kept: &Kept<'_>,
    touched: &mut BTreeSet<i64>,
    moved: &mut Moved,
) -> Result<(), StoreError> {
    let sql = "SELECT id, job_id, resource_arn, fingerprint FROM jobs WHERE scope_id = $1";
    let known: Vec<Known> = tx.fetch_all(Sql::new(sql).arg(scope_id)).await?;
    let mut known: HashMap<String, Known> = known
        .into_iter()
        .map(|job| (job.job_id.clone(), job))
        .collect();
    let mut arns: BTreeSet<String> = BTreeSet::new();
    let mut rows = Vec::new();
    let mut failures: Vec<(&Job, EventKind)> = Vec::new();
    for job in distinct(jobs, |job| &job.id) {
        let fingerprint = fingerprint(job)?;
        let before = known.remove(&job.id);
        if before.as_ref().map(|before| before.fingerprint) == Some(fingerprint) {
            continue;
        }
        arns.extend(before.and_then(|before| before.resource_arn));
        arns.extend(job.resource_arn.as_ref().map(ToString::to_string));
        failures.extend(failure(job).map(|kind| (job, kind)));
        rows.push([
            scope_id.into(),
            job.id.as_str().into(),
            word(&job.kind)?.into(),
            job.resource_arn.as_ref().map(AsRef::as_ref).into(),
            job.point_arn.as_ref().map(AsRef::as_ref).into(),
            job.status.as_str().into(),
            job.message.as_deref().into(),
            job.percent.into(),
            millis(job.created_at).into(),
            job.completed_at.map(millis).into(),
            verdict(job).into(),
            job.vault.as_deref().into(),
            job.plan_id.as_deref().into(),
            job.rule_id.as_deref().into(),
            job.start_by.map(millis).into(),
            fingerprint.into(),
        ]);
    }
    upsert(tx, INSERT, REPLACE, rows).await?;
    if !kept.jobs() {
        let (ids, gone): (Vec<i64>, Vec<Option<String>>) = known
            .into_values()
            .map(|job| (job.id, job.resource_arn))
            .unzip();
        arns.extend(gone.into_iter().flatten());
        delete(tx, "jobs", ids).await?;
    }
    let mut ids: HashMap<String, i64> = HashMap::new();
    for sql in by_values("SELECT arn, id FROM resources WHERE arn IN ", arns) {
        ids.extend(tx.fetch_all::<(String, i64)>(sql).await?);
    }
    touched.extend(ids.values());
    let left = failures.into_iter().filter_map(|(job, kind)| {
        let resource = ids.get(job.resource_arn.as_ref()?.as_str())?;
        Some(NewEvent::failure(*resource, job, kind))
    });
    events::write(tx, scope_id, left.collect(), moved).await
}

/// What a timeline tells of a job that made nothing.
fn failure(job: &Job) -> Option<EventKind> {
    match (job.kind, job.status.as_str()) {
        (JobKind::Backup, "FAILED" | "ABORTED") => Some(EventKind::Failed),
        (JobKind::Backup, "EXPIRED") => Some(EventKind::Missed),
        (JobKind::Copy, "FAILED") => Some(EventKind::CopyFailed),
        _ => None,
    }
}

/// 1 when a backup failed or expired, 0 when it ended otherwise, none while it is under way and for
/// jobs that are no backups.
fn verdict(job: &Job) -> Option<i64> {
    if job.kind != JobKind::Backup {
        return None;
    }
    match job.status.as_str() {
        "CREATED" | "PENDING" | "RUNNING" | "ABORTING" => None,
        "FAILED" | "EXPIRED" => Some(1),
        _ => Some(0),
    }
}
