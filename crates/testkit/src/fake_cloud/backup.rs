//! Backup jobs.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{
    Arn, BackupRequest, Job, JobKind, PointSource, RecoveryPoint, ResourceType, Scope, Tier, Vault,
    plan::Lifecycle,
};
use tidemark_services::ports::{
    BackupJobState, BackupStart, CloudError, CloudErrorKind, RuleBackupStart, Target,
};

use super::{
    FakeCloud,
    enter::{answer, scope_of},
    model::{Effect, FakeJob, JobEnd, Point, State},
    pace::Takes,
};

/// What a backup captures.
struct Source {
    resource_type: ResourceType,
    bytes: u64,
    items: i64,
    metadata: BTreeMap<String, String>,
}

fn source(state: &mut State, scope: &Scope, resource: &Arn) -> Option<Source> {
    let model = state.scope(scope);
    if let Some(table) = model.tables.values().find(|t| t.arn == *resource) {
        return Some(Source {
            resource_type: ResourceType::DynamoDb,
            bytes: u64::try_from(table.items() * 100).unwrap_or_default(),
            items: table.items(),
            metadata: BTreeMap::from([
                ("targetTableName".to_owned(), resource.name().to_owned()),
                ("encryptionType".to_owned(), "Default".to_owned()),
            ]),
        });
    }
    model.resources.get(resource).map(|r| Source {
        resource_type: r.resource_type.clone(),
        bytes: r.size_bytes.unwrap_or_default(),
        items: 0,
        metadata: BTreeMap::from([("name".to_owned(), r.name.clone())]),
    })
}

pub(crate) fn start(
    cloud: &FakeCloud,
    target: &Target,
    start: &BackupStart,
) -> Result<String, CloudError> {
    const OPERATION: &str = "backup:StartBackupJob";
    let scope = scope_of(target);
    let request = &start.request;
    let vault_arn = crate::build::vault(&scope, &request.vault).arn;
    let mut state = cloud.enter(target, OPERATION, vault_arn.as_str())?;
    let now = cloud.clock.now();
    let Some(vault) = state.scope(&scope).vaults.get(&request.vault).cloned() else {
        return Err(answer(
            &mut state,
            CloudErrorKind::NotFound,
            OPERATION,
            "ResourceNotFoundException",
            format!("Backup vault {} does not exist", request.vault),
        ));
    };
    if let Some(id) = state.scope(&scope).tokens.get(&start.token) {
        return Ok(id.clone());
    }
    if let (Some(delete), Some(cold)) = (request.delete_after_days, request.cold_after_days)
        && delete < cold + 90
    {
        return Err(answer(
            &mut state,
            CloudErrorKind::Invalid,
            OPERATION,
            "InvalidParameterValueException",
            "DeleteAfterDays must be at least 90 days greater than MoveToColdStorageAfterDays",
        ));
    }
    let Some(source) = source(&mut state, &scope, &request.resource) else {
        return Err(answer(
            &mut state,
            CloudErrorKind::NotFound,
            OPERATION,
            "ResourceNotFoundException",
            format!("{} does not exist", request.resource),
        ));
    };
    let number = state.next();
    let id = format!("backup-job-{number:08}");
    let script = state.backup_script.clone();
    let (ends_at, paced) = state.job_end(Takes::BackupJob, now).unzip();
    let end = refused_by_lock(&vault, request.delete_after_days)
        .or(paced)
        .unwrap_or(script.end);
    let point = point_of(target, start, &vault, &source, number, now)?;
    let model = state.scope(&scope);
    model.tokens.insert(start.token.clone(), id.clone());
    model.jobs.insert(
        id.clone(),
        FakeJob {
            job: Job {
                id: id.clone(),
                kind: JobKind::Backup,
                account: scope.account.clone(),
                region: scope.region.clone(),
                resource_arn: Some(request.resource.clone()),
                point_arn: Some(point.arn.clone()),
                status: "CREATED".to_owned(),
                message: None,
                percent: Some(0.0),
                created_at: now,
                completed_at: None,
                vault: Some(vault.name.clone()),
                plan_id: None,
                rule_id: None,
                start_by: None,
            },
            polls_left: script.polls,
            ends_at,
            end,
            effect: Effect::CompletePoint(point.arn.clone()),
            bytes: i64::try_from(source.bytes).ok(),
            created: None,
        },
    );
    model.points.insert(
        point.arn.clone(),
        Point {
            shown: point,
            metadata: source.metadata,
            items: source.items,
        },
    );
    Ok(id)
}

/// The same with what a rule says.
pub(crate) fn start_rule(
    cloud: &FakeCloud,
    target: &Target,
    rule_start: &RuleBackupStart,
) -> Result<String, CloudError> {
    let rule = &rule_start.rule;
    let lifecycle = rule.lifecycle.as_ref();
    start(
        cloud,
        target,
        &BackupStart {
            request: BackupRequest {
                resource: rule_start.resource.clone(),
                vault: rule.target_backup_vault_name.clone(),
                delete_after_days: lifecycle.and_then(Lifecycle::delete_after),
                cold_after_days: lifecycle.and_then(Lifecycle::cold_after),
                service_role: Some(rule_start.service_role.clone()),
                reason: String::new(),
            },
            service_role: rule_start.service_role.clone(),
            token: rule_start.token.clone(),
        },
    )
}

/// A locked vault makes jobs fail whose retention lies outside its bounds.
fn refused_by_lock(vault: &Vault, delete_after: Option<i64>) -> Option<JobEnd> {
    let days = delete_after.unwrap_or(i64::MAX);
    let refused = vault.locked
        && (vault.min_retention_days.is_some_and(|min| days < min)
            || vault.max_retention_days.is_some_and(|max| days > max));
    refused.then(|| {
        JobEnd::With(
            "FAILED".to_owned(),
            "The backup retention period does not comply with the backup vault lock".to_owned(),
        )
    })
}

fn point_of(
    target: &Target,
    start: &BackupStart,
    vault: &Vault,
    source: &Source,
    number: u64,
    now: Timestamp,
) -> Result<RecoveryPoint, CloudError> {
    let request = &start.request;
    let scope = scope_of(target);
    let arn = Arn::parse(format!(
        "arn:aws:backup:{}:{}:recovery-point:{number:08}",
        scope.region, scope.account
    ))
    .map_err(|e| {
        CloudError::local(
            CloudErrorKind::Unexpected,
            "backup:StartBackupJob",
            e.to_string(),
        )
    })?;
    let days = |d: i64| now + SignedDuration::from_hours(24 * d);
    Ok(RecoveryPoint {
        arn,
        resource_arn: request.resource.clone(),
        resource_type: source.resource_type.clone(),
        account: scope.account,
        region: scope.region,
        vault: Some(vault.name.clone()),
        source: PointSource::AwsBackup,
        status: "CREATING".to_owned(),
        status_message: None,
        created_at: now,
        completed_at: None,
        size_bytes: Some(source.bytes),
        tier: Tier::Warm,
        cold_at: request.cold_after_days.map(days),
        delete_at: request.delete_after_days.map(days),
        locked: vault.locked,
        held: false,
        copied_from: None,
        copied_from_vault: None,
        parent: None,
        plan_id: None,
        rule_id: None,
    })
}

pub(crate) fn job(
    cloud: &FakeCloud,
    target: &Target,
    id: &str,
) -> Result<BackupJobState, CloudError> {
    const OPERATION: &str = "backup:DescribeBackupJob";
    let mut state = cloud.enter(target, OPERATION, "*")?;
    let job = super::restore::poll(cloud, &mut state, target, OPERATION, id, JobKind::Backup)?;
    Ok(BackupJobState {
        status: job.job.status,
        message: job.job.message,
        percent: job.job.percent,
        recovery_point: job.job.point_arn,
        bytes: job.bytes,
    })
}

pub(crate) fn stop(cloud: &FakeCloud, target: &Target, id: &str) -> Result<(), CloudError> {
    const OPERATION: &str = "backup:StopBackupJob";
    let scope = scope_of(target);
    let mut state = cloud.enter(target, OPERATION, "*")?;
    let now = cloud.clock.now();
    let Some(job) = state.scope(&scope).jobs.get_mut(id) else {
        return Err(super::restore::no_job(&mut state, OPERATION, id));
    };
    if !matches!(job.job.status.as_str(), "CREATED" | "PENDING" | "RUNNING") {
        let message = format!("Backup job {id} is already in status {}", job.job.status);
        return Err(answer(
            &mut state,
            CloudErrorKind::Invalid,
            OPERATION,
            "InvalidRequestException",
            message,
        ));
    }
    "ABORTED".clone_into(&mut job.job.status);
    job.job.completed_at = Some(now);
    let point = job.job.point_arn.take();
    if let Some(point) = point {
        state.scope(&scope).points.remove(&point);
    }
    Ok(())
}
