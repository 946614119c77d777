use std::collections::BTreeMap;

use jiff::Timestamp;
use tidemark_domain::{
    Invalid, PitrWindow, PutBack, ResourceType, RestorePlan, RestoreRequest, RestoreSource,
    RoleArn, TableName, TableSettings, records::CaptureStatus,
};

use super::{
    checks,
    digest::digest_of,
    policy::session_policy,
    prefill::default_service_role,
    settings::known_settings,
    source::{self, Source},
    words::{describe, moment, summary},
};
use crate::{
    Caller, ServiceError, Services, policy_size,
    records::{open_backup, partition_value},
};

/// Exactly what a restore will do, with every check that can be made before. Nothing is changed.
pub async fn plan(
    services: &Services,
    caller: &Caller,
    request: RestoreRequest,
) -> Result<RestorePlan, ServiceError> {
    let source = source::find(
        services,
        caller,
        &request.resource,
        &request.source,
        "restore.plan",
    )
    .await?;
    let mut request = normalise(request, &source)?;
    check_window(services, caller, &request, &source).await?;
    let settings = settings_to_put_back(services, caller, &mut request, &source).await?;
    let mut checks = checks::all(services, &request, &source).await?;
    let fitted = policy_size::fit(&session_policy(
        &request,
        &source,
        request.service_role.as_deref(),
        &settings,
    ))?;
    checks.extend(fitted.check());
    let mut plan = RestorePlan {
        summary: summary(&request, &source, &settings),
        creates: creates(&request, &source),
        changes: Vec::new(),
        keeps: vec![format!(
            "{} and all of its recovery points stay as they are.",
            source.detail.resource.name
        )],
        checks,
        session_policy: fitted.text,
        settings,
        resource_type: source.detail.resource.resource_type.clone(),
        account: source.account,
        region: source.region,
        request,
        digest: String::new(),
    };
    plan.digest = digest_of(&plan)?;
    Ok(plan)
}

/// Checks the form's fields and fills in what it left open.
fn normalise(mut request: RestoreRequest, source: &Source) -> Result<RestoreRequest, Invalid> {
    let is_table = source.detail.resource.resource_type == ResourceType::DynamoDb;
    if request.reason.chars().count() > 500 {
        return Err(Invalid::new("reason", "must have at most 500 characters"));
    }
    if is_table {
        let name = request
            .target_table
            .as_deref()
            .ok_or_else(|| Invalid::new("table name", "must be given"))?;
        let name = TableName::parse(name)?;
        request.metadata.remove("targetTableName");
        request.target_table = Some(name.into());
    } else {
        if request.target_table.is_some() {
            return Err(Invalid::new(
                "table name",
                "only applies to DynamoDB tables",
            ));
        }
        request.put_back.clear();
    }
    check_metadata(&request)?;
    match &mut request.source {
        RestoreSource::PointInTime { at } => {
            *at = whole_second(*at)?;
            request.service_role = None;
        }
        RestoreSource::Records { at, partition, .. } => {
            *at = whole_second(*at)?;
            *partition = partition.take().filter(|text| !text.is_empty());
            if partition.as_ref().is_some_and(|text| text.len() > 2_048) {
                return Err(Invalid::new(
                    "partition key",
                    "must be at most 2048 bytes long",
                ));
            }
            request.service_role = None;
        }
        RestoreSource::DynamoDbBackup { .. } => request.service_role = None,
        RestoreSource::RecoveryPoint { .. } => {
            let role = request
                .service_role
                .as_deref()
                .map(str::trim)
                .filter(|role| !role.is_empty())
                .map_or_else(
                    || default_service_role(request.resource.partition(), &source.account),
                    ToOwned::to_owned,
                );
            let role = RoleArn::parse(role).map_err(|e| e.in_field("service role"))?;
            if role.account() != source.account.as_str() {
                return Err(Invalid::new(
                    "service role",
                    "must be a role of the account in which the restore happens",
                ));
            }
            request.service_role = Some(role.into());
        }
    }
    Ok(request)
}

fn whole_second(at: Timestamp) -> Result<Timestamp, Invalid> {
    Timestamp::from_second(at.as_second())
        .map_err(|_| Invalid::new("time", "must be a whole second"))
}

fn check_metadata(request: &RestoreRequest) -> Result<(), Invalid> {
    if request.metadata.len() > 100 {
        return Err(Invalid::new(
            "restore metadata",
            "must have at most 100 entries",
        ));
    }
    for (key, value) in &request.metadata {
        if key.is_empty() || key.len() > 128 || value.len() > 4096 {
            return Err(Invalid::new(
                format!("restore metadata {key}"),
                "must have a key of 1 to 128 and a value of at most 4096 characters",
            ));
        }
    }
    Ok(())
}

/// The window moves, so it is asked of DynamoDB, not of the catalogue.
async fn check_window(
    services: &Services,
    caller: &Caller,
    request: &RestoreRequest,
    source: &Source,
) -> Result<(), ServiceError> {
    let at = match (&request.source, &source.capture) {
        (RestoreSource::PointInTime { at }, _) => *at,
        (RestoreSource::Records { at, partition, .. }, Some(stored)) => {
            check_stored(*at, &stored.status)?;
            // Reading it here tells of a bucket out of reach before anything is begun.
            let (backup, _) = open_backup(services, caller, &stored.capture).await?;
            if let Some(text) = partition {
                partition_value(backup.schema(), text)?;
            }
            return Ok(());
        }
        _ => return Ok(()),
    };
    let name = &source.detail.resource.name;
    let table = services
        .cloud
        .table(&source.target, name)
        .await?
        .ok_or_else(|| ServiceError::NotFound(format!("table {name}")))?;
    let window = table.pitr.ok_or_else(|| {
        Invalid::new(
            "time",
            "cannot be chosen: point-in-time recovery is off for this table",
        )
    })?;
    Ok(check_inside(at, &[window])?)
}

/// Every second is known from a whole copy of the table to the next gap, or to what the stream told
/// last.
fn check_stored(at: Timestamp, status: &CaptureStatus) -> Result<(), Invalid> {
    let windows = status.windows();
    if windows.is_empty() {
        let why = if status.complete_from.is_some() {
            "since the record-level backup's copy of the table is whole, nothing has told yet up to when its changes are stored"
        } else {
            "the record-level backup has no whole copy of the table yet"
        };
        return Err(Invalid::new("time", format!("cannot be chosen: {why}")));
    }
    check_inside(at, &windows)
}

/// Windows that an error names at most; the newest of them.
const NAMED: usize = 8;

fn check_inside(at: Timestamp, windows: &[PitrWindow]) -> Result<(), Invalid> {
    if windows.iter().any(|window| window.contains(at)) {
        return Ok(());
    }
    let older = windows.len().saturating_sub(NAMED);
    let mut named: Vec<String> = windows[older..]
        .iter()
        .map(|window| {
            let (earliest, latest) = (moment(window.earliest), moment(window.latest));
            format!("between {earliest} and {latest}")
        })
        .collect();
    if older > 0 {
        named.insert(0, format!("in one of {older} older windows"));
    }
    Err(Invalid::new(
        "time",
        format!("must lie {}", named.join(", or ")),
    ))
}

/// Reads what the restore would lose and keeps what the request wants back.
async fn settings_to_put_back(
    services: &Services,
    caller: &Caller,
    request: &mut RestoreRequest,
    source: &Source,
) -> Result<TableSettings, ServiceError> {
    if request.put_back.is_empty() {
        return Ok(TableSettings::default());
    }
    let (all, _) = known_settings(services, caller, source).await?;
    request
        .put_back
        .retain(|what| describe(*what, &all).is_some());
    let wants = |what: PutBack| request.put_back.contains(&what);
    Ok(TableSettings {
        stream_view: all.stream_view.filter(|_| wants(PutBack::Stream)),
        ttl_attribute: all.ttl_attribute.filter(|_| wants(PutBack::TimeToLive)),
        tags: if wants(PutBack::Tags) {
            all.tags
        } else {
            BTreeMap::default()
        },
        pitr_days: all
            .pitr_days
            .filter(|_| wants(PutBack::PointInTimeRecovery)),
        scaling: if wants(PutBack::AutoScaling) {
            all.scaling
        } else {
            Vec::new()
        },
        deletion_protection: all.deletion_protection && wants(PutBack::DeletionProtection),
    })
}

fn creates(request: &RestoreRequest, source: &Source) -> Vec<String> {
    let what = match &request.target_table {
        Some(table) => format!("table {table}"),
        None => format!(
            "one {} resource from the recovery point",
            source.detail.resource.resource_type
        ),
    };
    vec![format!(
        "{what} in account {} ({}), {}",
        source.detail.alias, source.account, source.region
    )]
}
