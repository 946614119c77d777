//! Restore jobs, and how jobs go on by polls.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tidemark_domain::{Arn, Job, JobKind, Resource, ResourceType, Scope};
use tidemark_services::ports::{CloudError, CloudErrorKind, RestoreJobState, RestoreStart, Target};

use super::{
    FakeCloud,
    enter::{answer, scope_of},
    model::{Effect, FakeJob, JobEnd, Point, State},
    pace::{Busy, Left, Takes},
    tables::insert_restored,
};
use crate::build::table_arn;

fn point_of(
    state: &mut State,
    target: &Target,
    operation: &str,
    arn: &Arn,
) -> Result<Point, CloudError> {
    let scope = scope_of(target);
    match state.scope(&scope).points.get(arn) {
        Some(point) => Ok(point.clone()),
        None => Err(answer(
            state,
            CloudErrorKind::NotFound,
            operation,
            "ResourceNotFoundException",
            format!("Recovery point {arn} does not exist"),
        )),
    }
}

pub(crate) fn metadata(
    cloud: &FakeCloud,
    target: &Target,
    vault: &str,
    point: &Arn,
) -> Result<BTreeMap<String, String>, CloudError> {
    const OPERATION: &str = "backup:GetRecoveryPointRestoreMetadata";
    let mut state = cloud.enter(target, OPERATION, point.as_str())?;
    let found = point_of(&mut state, target, OPERATION, point)?;
    if found.shown.vault.as_deref() == Some(vault) {
        return Ok(found.metadata);
    }
    Err(answer(
        &mut state,
        CloudErrorKind::NotFound,
        OPERATION,
        "ResourceNotFoundException",
        format!("Recovery point {point} is not in vault {vault}"),
    ))
}

pub(crate) fn bucket_exists(
    cloud: &FakeCloud,
    target: &Target,
    name: &str,
) -> Result<bool, CloudError> {
    let arn = format!("arn:aws:s3:::{name}");
    let state = cloud.enter(target, "s3:GetBucketLocation", &arn)?;
    let mut scopes = state.scopes.values();
    Ok(scopes.any(|scope| scope.resources.keys().any(|known| known.as_str() == arn)))
}

pub(crate) fn start(
    cloud: &FakeCloud,
    target: &Target,
    start: &RestoreStart,
) -> Result<String, CloudError> {
    const OPERATION: &str = "backup:StartRestoreJob";
    let scope = scope_of(target);
    let mut state = cloud.enter(target, OPERATION, start.point.as_str())?;
    let now = cloud.clock.now();
    if let Some(id) = state.scope(&scope).tokens.get(&start.token) {
        return Ok(id.clone());
    }
    let point = point_of(&mut state, target, OPERATION, &start.point)?;
    let number = state.next();
    let script = state.restore_script.clone();
    let (effect, mut end) = match start.resource_type {
        ResourceType::DynamoDb => {
            let Some(name) = start.metadata.get("targetTableName").cloned() else {
                return Err(answer(
                    &mut state,
                    CloudErrorKind::Invalid,
                    OPERATION,
                    "MissingParameterValueException",
                    "Metadata is missing targetTableName",
                ));
            };
            let taken = state.scope(&scope).tables.contains_key(&name);
            let end = taken.then(|| {
                JobEnd::With("FAILED".to_owned(), format!("Table already exists: {name}"))
            });
            let from = start.point.clone();
            (Effect::Table { name, from }, end)
        }
        _ => (
            Effect::Resource(Box::new(restored(target, &point, number)?)),
            None,
        ),
    };
    let (ends_at, paced) = state.job_end(Takes::RestoreJob, now).unzip();
    let end = end.take().or(paced).unwrap_or(script.end);
    let effect = match (effect, ends_at) {
        // Where time counts, the table is there from the beginning, and active at the end.
        (Effect::Table { name, from }, Some(until)) if end == JobEnd::Completed => {
            let busy = Busy {
                status: "CREATING".to_owned(),
                left: Left::Until(until),
            };
            let made = table_arn(&scope, &name);
            restore_table(&mut state, &scope, &name, from, now, Some(busy));
            Effect::Nothing { made }
        }
        (effect, _) => effect,
    };
    let id = format!("restore-job-{number:08}");
    let model = state.scope(&scope);
    model.tokens.insert(start.token.clone(), id.clone());
    model.jobs.insert(
        id.clone(),
        FakeJob {
            job: Job {
                id: id.clone(),
                kind: JobKind::Restore,
                account: scope.account.clone(),
                region: scope.region.clone(),
                resource_arn: Some(point.shown.resource_arn),
                point_arn: Some(start.point.clone()),
                status: "PENDING".to_owned(),
                message: None,
                percent: Some(0.0),
                created_at: now,
                completed_at: None,
                vault: None,
                plan_id: None,
                rule_id: None,
                start_by: None,
            },
            polls_left: script.polls,
            ends_at,
            end,
            effect,
            bytes: None,
            created: None,
        },
    );
    Ok(id)
}

/// Puts the table of a recovery point into a scope.
fn restore_table(
    state: &mut State,
    scope: &Scope,
    name: &str,
    from: Arn,
    now: Timestamp,
    busy: Option<Busy>,
) -> Option<()> {
    let point = state.scope(scope).points.get(&from)?;
    let (source, items) = (point.shown.resource_arn.clone(), point.items);
    let restored_from = (Some(source), Some(from), now);
    insert_restored(state, scope, name, items, now, busy, restored_from);
    Some(())
}

fn restored(target: &Target, point: &Point, number: u64) -> Result<Resource, CloudError> {
    let source = &point.shown.resource_arn;
    let arn = Arn::parse(format!("{source}-restored-{number}")).map_err(|e| {
        CloudError::local(
            CloudErrorKind::Unexpected,
            "backup:StartRestoreJob",
            e.to_string(),
        )
    })?;
    let scope = scope_of(target);
    Ok(Resource {
        name: arn.name().to_owned(),
        arn,
        resource_type: point.shown.resource_type.clone(),
        account: scope.account,
        region: scope.region,
        tags: BTreeMap::new(),
        size_bytes: point.shown.size_bytes,
        created_at: None,
        pitr: None,
        deleted: false,
    })
}

pub(crate) fn job(
    cloud: &FakeCloud,
    target: &Target,
    id: &str,
) -> Result<RestoreJobState, CloudError> {
    const OPERATION: &str = "backup:DescribeRestoreJob";
    let mut state = cloud.enter(target, OPERATION, "*")?;
    let job = poll(cloud, &mut state, target, OPERATION, id, JobKind::Restore)?;
    Ok(RestoreJobState {
        status: job.job.status,
        message: job.job.message,
        percent: job.job.percent,
        created: job.created,
        completed_at: job.job.completed_at,
    })
}

pub(crate) fn no_job(state: &mut State, operation: &str, id: &str) -> CloudError {
    answer(
        state,
        CloudErrorKind::NotFound,
        operation,
        "ResourceNotFoundException",
        format!("Job {id} does not exist"),
    )
}

/// Sees a job, which goes on by one step.
pub(crate) fn poll(
    cloud: &FakeCloud,
    state: &mut State,
    target: &Target,
    operation: &str,
    id: &str,
    kind: JobKind,
) -> Result<FakeJob, CloudError> {
    let scope = scope_of(target);
    let now = cloud.clock.now();
    let Some(mut job) = state
        .scope(&scope)
        .jobs
        .get(id)
        .filter(|j| j.job.kind == kind)
        .cloned()
    else {
        return Err(no_job(state, operation, id));
    };
    if job.job.completed_at.is_some() {
        return Ok(job);
    }
    if let Some(ends_at) = job.ends_at {
        job.job.percent = Some(share(job.job.created_at, now, ends_at));
        "RUNNING".clone_into(&mut job.job.status);
        state.scope(&scope).jobs.insert(id.to_owned(), job.clone());
        return Ok(job);
    }
    if job.polls_left > 0 || job.end == JobEnd::Never {
        let seen = job.clone();
        job.polls_left = job.polls_left.saturating_sub(1);
        "RUNNING".clone_into(&mut job.job.status);
        job.job.percent = Some(50.0);
        state.scope(&scope).jobs.insert(id.to_owned(), job);
        return Ok(seen);
    }
    job.ends_at = Some(now);
    state.scope(&scope).jobs.insert(id.to_owned(), job);
    end_job(state, &scope, id).ok_or_else(|| no_job(state, operation, id))
}

/// How far a job is between its start and its end, in whole percent.
fn share(from: Timestamp, now: Timestamp, to: Timestamp) -> f64 {
    let seconds = |until: Timestamp| until.duration_since(from).as_secs_f64();
    (100.0 * seconds(now) / seconds(to).max(1.0))
        .clamp(0.0, 99.0)
        .floor()
}

/// Ends a job at its moment, with its effect.
pub(crate) fn end_job(state: &mut State, scope: &Scope, id: &str) -> Option<FakeJob> {
    let mut job = state.scope(scope).jobs.get(id).cloned()?;
    let at = job.ends_at?;
    job.job.completed_at = Some(at);
    match job.end.clone() {
        JobEnd::With(status, message) => {
            job.job.status = status;
            job.job.message = Some(message);
            if job.job.kind == JobKind::Backup
                && let Some(point) = job.job.point_arn.take()
            {
                state.scope(scope).points.remove(&point);
            }
        }
        JobEnd::Completed | JobEnd::Never => {
            "COMPLETED".clone_into(&mut job.job.status);
            job.job.percent = Some(100.0);
            job.created = take_effect(state, scope, job.effect.clone(), at);
        }
    }
    state.scope(scope).jobs.insert(id.to_owned(), job.clone());
    Some(job)
}

fn take_effect(state: &mut State, scope: &Scope, effect: Effect, now: Timestamp) -> Option<Arn> {
    match effect {
        Effect::CompletePoint(arn) => {
            let model = state.scope(scope);
            let point = &mut model.points.get_mut(&arn)?.shown;
            "COMPLETED".clone_into(&mut point.status);
            point.completed_at = Some(now);
            let vault = point.vault.clone()?;
            model.vaults.get_mut(&vault)?.points += 1;
            None
        }
        Effect::Table { name, from } => {
            let busy = state.busy("CREATING", Takes::TableChange, now);
            restore_table(state, scope, &name, from, now, busy)?;
            Some(table_arn(scope, &name))
        }
        Effect::Nothing { made } => Some(made),
        Effect::Resource(resource) => {
            let arn = resource.arn.clone();
            state.scope(scope).resources.insert(arn.clone(), *resource);
            Some(arn)
        }
        Effect::Copy { to, mut point } => {
            let arn = point.shown.arn.clone();
            point.shown.completed_at = Some(now);
            state.scope(&to).points.insert(arn.clone(), *point);
            Some(arn)
        }
    }
}
