use aws_sdk_backup::types::RecoveryPointCreator;
use aws_smithy_types::DateTime;
use jiff::SignedDuration;
use moka::future::Cache;
use tidemark_domain::{AccountId, Job, JobKind, Region};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CopyOf},
};

use crate::{
    access::{Access, pages},
    convert,
};

/// How far back jobs are read.
const DAYS: i64 = 30;

/// Scopes whose copy jobs were read from the first one on by this process. AWS goes on to list them long after the
/// time for which jobs are shown, and says nowhere else what an older copy was made of.
#[derive(Clone, Debug)]
pub(crate) struct OlderCopies(Cache<(AccountId, Region), ()>);

impl OlderCopies {
    /// Scopes kept at most; another one is read from the first job on once more.
    const MOST: u64 = 100_000;

    pub(crate) fn new() -> Self {
        Self(Cache::new(Self::MOST))
    }
}

/// Jobs, and what copies were made of.
pub(crate) struct Jobs {
    pub(crate) jobs: Vec<Job>,
    pub(crate) copies: Vec<CopyOf>,
}

/// Backup, copy and restore jobs of the last 30 days, and what older copies were made of, as far back as AWS tells.
pub(crate) async fn list_jobs(access: &Access) -> Result<Jobs, CloudError> {
    let since = access
        .now
        .checked_sub(SignedDuration::from_hours(24 * DAYS))
        .map_or(DateTime::from_secs(0), convert::seconds);
    let scope = (access.account.clone(), access.region.clone());
    let are_known = access.older_copies.0.contains_key(&scope);
    let (backups, copies, restores) = futures::try_join!(
        backups(access, since),
        copies(access, are_known.then_some(since)),
        restores(access, since)
    )?;
    access.older_copies.0.insert(scope, ()).await;
    let (mut jobs, sources): (Vec<Job>, Vec<Option<CopyOf>>) = copies.into_iter().unzip();
    jobs.retain(|job| job.created_at.as_second() >= since.secs());
    jobs.extend(backups);
    jobs.extend(restores);
    Ok(Jobs {
        jobs,
        copies: sources.into_iter().flatten().collect(),
    })
}

fn job(
    access: &Access,
    kind: JobKind,
    id: Option<&str>,
    created: Option<&DateTime>,
) -> Option<Job> {
    Some(Job {
        id: id?.to_owned(),
        kind,
        account: access.account.clone(),
        region: access.region.clone(),
        resource_arn: None,
        point_arn: None,
        status: String::new(),
        message: None,
        percent: None,
        created_at: convert::moment(created)?,
        completed_at: None,
        vault: None,
        plan_id: None,
        rule_id: None,
        start_by: None,
    })
}

/// Plan and rule, where one of them asked for it.
fn asked_by(creator: Option<&RecoveryPointCreator>) -> (Option<String>, Option<String>) {
    let text = |text: Option<&str>| text.filter(|t| !t.is_empty()).map(str::to_owned);
    (
        text(creator.and_then(RecoveryPointCreator::backup_plan_id)),
        text(creator.and_then(RecoveryPointCreator::backup_rule_id)),
    )
}

async fn backups(access: &Access, since: DateTime) -> Result<Vec<Job>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::ListBackupJobs, || {
                access
                    .clients
                    .backup()
                    .list_backup_jobs()
                    .by_created_after(since)
                    .max_results(1000)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        let jobs = page
            .backup_jobs()
            .iter()
            .filter_map(|j| {
                let job = job(
                    access,
                    JobKind::Backup,
                    j.backup_job_id(),
                    j.creation_date(),
                )?;
                let (plan_id, rule_id) = asked_by(j.created_by());
                Some(Job {
                    resource_arn: convert::arn(j.resource_arn()),
                    point_arn: convert::arn(j.recovery_point_arn()),
                    status: j.state().map_or("", |s| s.as_str()).to_owned(),
                    message: j.status_message().map(str::to_owned),
                    percent: convert::percent(j.percent_done()),
                    completed_at: convert::moment(j.completion_date()),
                    vault: j.backup_vault_name().map(str::to_owned),
                    plan_id,
                    rule_id,
                    start_by: convert::moment(j.start_by()),
                    ..job
                })
            })
            .collect();
        Ok((jobs, page.next_token))
    })
    .await
}

async fn copies(
    access: &Access,
    since: Option<DateTime>,
) -> Result<Vec<(Job, Option<CopyOf>)>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::ListCopyJobs, || {
                access
                    .clients
                    .backup()
                    .list_copy_jobs()
                    .set_by_created_after(since)
                    .max_results(1000)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        let jobs = page
            .copy_jobs()
            .iter()
            .filter_map(|j| {
                let job = job(access, JobKind::Copy, j.copy_job_id(), j.creation_date())?;
                let source = convert::arn(j.source_recovery_point_arn());
                let copy = convert::arn(j.destination_recovery_point_arn());
                let (plan_id, rule_id) = asked_by(j.created_by());
                let job = Job {
                    resource_arn: convert::arn(j.resource_arn()),
                    point_arn: copy.clone().or_else(|| source.clone()),
                    status: j.state().map_or("", |s| s.as_str()).to_owned(),
                    message: j.status_message().map(str::to_owned),
                    completed_at: convert::moment(j.completion_date()),
                    vault: convert::arn(j.destination_backup_vault_arn())
                        .map(|vault| vault.name().to_owned()),
                    plan_id,
                    rule_id,
                    ..job
                };
                let link = copy
                    .zip(source)
                    .map(|(copy, source)| CopyOf { copy, source });
                Some((job, link))
            })
            .collect();
        Ok((jobs, page.next_token))
    })
    .await
}

async fn restores(access: &Access, since: DateTime) -> Result<Vec<Job>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::ListRestoreJobs, || {
                access
                    .clients
                    .backup()
                    .list_restore_jobs()
                    .by_created_after(since)
                    .max_results(1000)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        let jobs = page
            .restore_jobs()
            .iter()
            .filter_map(|j| {
                let job = job(
                    access,
                    JobKind::Restore,
                    j.restore_job_id(),
                    j.creation_date(),
                )?;
                Some(Job {
                    resource_arn: convert::arn(j.source_resource_arn())
                        .or_else(|| convert::arn(j.created_resource_arn())),
                    point_arn: convert::arn(j.recovery_point_arn()),
                    status: j.status().map_or("", |s| s.as_str()).to_owned(),
                    message: j.status_message().map(str::to_owned),
                    percent: convert::percent(j.percent_done()),
                    completed_at: convert::moment(j.completion_date()),
                    ..job
                })
            })
            .collect();
        Ok((jobs, page.next_token))
    })
    .await
}
