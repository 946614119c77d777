use std::collections::BTreeMap;

use jiff::Timestamp;
use tidemark_domain::{
    Invalid, PitrWindow, PutBack, ResourceType, RestorePlan, RestoreRequest, RestoreSource,
    RoleArn, TableName, TableSettings,
    records::CaptureStatus,
    restore::{check_tags, metadata},
};

use super::{
    checks, destination,
    digest::digest_of,
    joins::joins,
    policy::session_policy,
    prefill::default_service_role,
    settings::known_settings,
    source::{self, Source},
    words::{self, describe, moment, summary},
};
use crate::{
    Caller, ServiceError, Services,
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
    let window = check_window(services, caller, &request, &source).await?;
    let looked = destination::look(services, &request, &source).await?;
    let settings = settings_to_put_back(services, caller, &mut request, &source).await?;
    let policy = session_policy(&request, &source, &settings, &looked.destination);
    let fitted = policy.fit()?;
    let mut checks = checks::all(
        services, caller, &request, &source, &looked, window, &policy,
    )
    .await?;
    let joins = joins(services, caller, &source, &looked.destination, &settings).await?;
    let confirmation = looked.destination.is_change().then(|| {
        let name = looked.destination.name.clone();
        name.unwrap_or_else(|| source.detail.resource.name.clone())
    });
    checks.extend(fitted.check());
    let mut plan = RestorePlan {
        summary: summary(&request, &source, &settings, &looked.destination),
        creates: words::creates(&looked.destination),
        changes: words::changes(&looked),
        keeps: words::keeps(&source, &looked.destination),
        checks,
        session_policy: fitted.text,
        settings,
        resource_type: source.detail.resource.resource_type.clone(),
        account: source.account,
        region: source.region,
        destination: Some(looked.destination),
        confirmation,
        joins,
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
        request.target_table = Some(name.into());
        check_tags_to_put_back(&mut request)?;
    } else {
        if request.target_table.is_some() {
            return Err(Invalid::new(
                "table name",
                "only applies to DynamoDB tables",
            ));
        }
        if request.tags.is_some() {
            return Err(Invalid::new(
                "tags",
                "can only be chosen for DynamoDB tables: AWS Backup puts none on what it restores here",
            ));
        }
        request.put_back.clear();
    }
    check_metadata(&mut request, is_table)?;
    // What was typed is for the start alone, and not part of what is planned.
    request.confirmation = None;
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

/// Tags that were chosen: none at all is the same as not putting tags back.
fn check_tags_to_put_back(request: &mut RestoreRequest) -> Result<(), Invalid> {
    let Some(tags) = &request.tags else {
        return Ok(());
    };
    check_tags(tags)?;
    if !request.put_back.contains(&PutBack::Tags) {
        return Err(Invalid::new(
            "tags",
            "can only be chosen when tags are among what is put back",
        ));
    }
    if tags.is_empty() {
        request.put_back.remove(&PutBack::Tags);
        request.tags = None;
    }
    Ok(())
}

fn check_metadata(request: &mut RestoreRequest, is_table: bool) -> Result<(), Invalid> {
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
    // An empty value is one that was left out.
    request.metadata.retain(|_, value| !value.is_empty());
    if !is_table {
        return Ok(());
    }
    match (&request.source, request.metadata.keys().next()) {
        (RestoreSource::RecoveryPoint { .. }, _) => {
            metadata::check_table_metadata(&request.metadata)
        }
        (_, Some(key)) => Err(Invalid::new(
            format!("restore metadata {key}"),
            "only applies to a recovery point of AWS Backup",
        )),
        (_, None) => Ok(()),
    }
}

/// The window moves, so it is asked of DynamoDB, not of the catalogue. Answers the table's own window
/// where the source is a second of it.
async fn check_window(
    services: &Services,
    caller: &Caller,
    request: &RestoreRequest,
    source: &Source,
) -> Result<Option<PitrWindow>, ServiceError> {
    let at = match (&request.source, &source.capture) {
        (RestoreSource::PointInTime { at }, _) => *at,
        (RestoreSource::Records { at, partition, .. }, Some(stored)) => {
            check_stored(*at, &stored.status)?;
            // Reading it here tells of a bucket out of reach before anything is begun.
            let (backup, _) = open_backup(services, caller, &stored.capture).await?;
            if let Some(text) = partition {
                partition_value(backup.schema(), text)?;
            }
            return Ok(None);
        }
        _ => return Ok(None),
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
    check_inside(at, &[window])?;
    Ok(Some(window))
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
    let (mut all, _) = known_settings(services, caller, source).await?;
    match &request.tags {
        Some(chosen) => all.tags.clone_from(chosen),
        // AWS keeps tags of its own to itself, and refuses to have them put.
        None => all.tags.retain(|key, _| !key.starts_with("aws:")),
    }
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
