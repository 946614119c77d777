//! `DescribeTable`, restores by DynamoDB itself, and `DeleteTable`.

use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{
    Arn, PitrWindow, PointSource, RecoveryPoint, ResourceType, TableSettings, Tier,
};
use tidemark_services::ports::{
    CloudError, CloudErrorKind, TableDescription, TableIdentity, TableMade, TableRestore,
    TableStatus, Target,
};

use super::{
    FakeCloud,
    enter::{answer, scope_of},
    model::{Point, ScopeModel, State, Table},
    pace::{Busy, Left, Takes},
};
use crate::build::table_arn;

/// The restorable window of a table.
pub(crate) fn window(table: &Table, now: Timestamp, lag: i64) -> Option<PitrWindow> {
    let since = table.pitr_since?;
    let days = i64::from(table.settings.pitr_days.unwrap_or(35));
    let earliest = since.max(now - SignedDuration::from_hours(days * 24));
    let latest = (now - SignedDuration::from_secs(lag)).max(earliest);
    Some(PitrWindow { earliest, latest })
}

pub(crate) fn missing(state: &mut State, operation: &str, name: &str) -> CloudError {
    answer(
        state,
        CloudErrorKind::NotFound,
        operation,
        "ResourceNotFoundException",
        format!("Requested resource not found: Table: {name} not found"),
    )
}

pub(crate) fn table(
    cloud: &FakeCloud,
    target: &Target,
    name: &str,
) -> Result<Option<TableDescription>, CloudError> {
    let scope = scope_of(target);
    let arn = table_arn(&scope, name);
    drop(cloud.enter(target, "dynamodb:DescribeContinuousBackups", arn.as_str())?);
    let mut state = cloud.enter(target, "dynamodb:DescribeTable", arn.as_str())?;
    let (now, lag) = (cloud.clock.now(), state.lag);
    let model = state.scope(&scope);
    let visible = |table: &&mut Table| table.visible_from <= now;
    let Some(table) = model.tables.get_mut(name).filter(visible) else {
        return Ok(None);
    };
    let mut gone = false;
    let status = match &mut table.busy {
        None => TableStatus::Active,
        Some(Busy { status, left }) => {
            let shown = if status == "DELETING" {
                TableStatus::Deleting
            } else {
                TableStatus::Busy(status.clone())
            };
            match left {
                Left::Looks(0) => {
                    gone = status == "DELETING";
                    table.busy = None;
                    TableStatus::Active
                }
                Left::Looks(looks) => {
                    *looks -= 1;
                    shown
                }
                Left::Until(_) => shown,
            }
        }
    };
    if gone {
        model.tables.remove(name);
        return Ok(None);
    }
    Ok(Some(TableDescription {
        arn: table.arn.clone(),
        identity: TableIdentity {
            id: Some(table.id.clone()),
            created_at: Some(table.created_at),
        },
        status,
        items: table.items(),
        bytes: table.items() * 100,
        pitr: window(table, now, lag),
        restored_from: table.restored_from.clone(),
    }))
}

pub(crate) fn restore(
    cloud: &FakeCloud,
    target: &Target,
    restore: &TableRestore,
) -> Result<TableMade, CloudError> {
    let (operation, source, name) = match restore {
        TableRestore::PointInTime { source, target, .. } => {
            ("dynamodb:RestoreTableToPointInTime", source, target)
        }
        TableRestore::Backup { backup, target } => {
            ("dynamodb:RestoreTableFromBackup", backup, target)
        }
    };
    let scope = scope_of(target);
    let created = table_arn(&scope, name);
    drop(cloud.enter(target, operation, created.as_str())?);
    let mut state = cloud.enter(target, operation, source.as_str())?;
    let now = cloud.clock.now();
    if state.scope(&scope).tables.contains_key(name) {
        return Err(answer(
            &mut state,
            CloudErrorKind::Conflict,
            operation,
            "TableAlreadyExistsException",
            format!("Table already exists: {name}"),
        ));
    }
    if state.restores_too_many(&scope) {
        return Err(answer(
            &mut state,
            CloudErrorKind::LimitExceeded,
            operation,
            "LimitExceededException",
            "Too many tables are being restored at once",
        ));
    }
    let (items, restored_from) = match restore {
        TableRestore::PointInTime { source, at, .. } => (
            items_at(&mut state, target, source, *at, now)?,
            (Some(source.clone()), None, *at),
        ),
        TableRestore::Backup { backup, .. } => {
            let Some(point) = state.scope(&scope).points.get(backup).cloned() else {
                return Err(answer(
                    &mut state,
                    CloudErrorKind::NotFound,
                    operation,
                    "BackupNotFoundException",
                    format!("Backup not found: {backup}"),
                ));
            };
            (
                point.items,
                (
                    Some(point.shown.resource_arn),
                    Some(backup.clone()),
                    point.shown.created_at,
                ),
            )
        }
    };
    let busy = state.busy("CREATING", Takes::TableRestore, now);
    let id = insert_restored(&mut state, &scope, name, items, now, busy, restored_from);
    Ok(TableMade {
        arn: created,
        identity: TableIdentity {
            id: Some(id),
            created_at: None,
        },
    })
}

fn items_at(
    state: &mut State,
    target: &Target,
    source: &Arn,
    at: Timestamp,
    now: Timestamp,
) -> Result<i64, CloudError> {
    const OPERATION: &str = "dynamodb:RestoreTableToPointInTime";
    let (scope, lag) = (scope_of(target), state.lag);
    let Some(table) = state.scope(&scope).tables.get(source.name()).cloned() else {
        return Err(answer(
            state,
            CloudErrorKind::NotFound,
            OPERATION,
            "TableNotFoundException",
            format!("Table not found: {}", source.name()),
        ));
    };
    match window(&table, now, lag) {
        None => Err(answer(
            state,
            CloudErrorKind::Invalid,
            OPERATION,
            "PointInTimeRecoveryUnavailableException",
            format!(
                "Point in time recovery is not enabled for table '{}'",
                source.name()
            ),
        )),
        Some(window) if !window.contains(at) => Err(answer(
            state,
            CloudErrorKind::Invalid,
            OPERATION,
            "InvalidRestoreTimeException",
            "RestoreDateTime must be between EarliestRestorableDateTime and LatestRestorableDateTime",
        )),
        Some(_) => Ok(table.items_at(at)),
    }
}

/// Puts a restored table into a scope: its items, none of its settings. Answers its id.
pub(crate) fn insert_restored(
    state: &mut State,
    scope: &tidemark_domain::Scope,
    name: &str,
    items: i64,
    now: Timestamp,
    busy: Option<Busy>,
    restored_from: (Option<Arn>, Option<Arn>, Timestamp),
) -> String {
    let id = state.table_id();
    let visible_from = state.visible_from(now);
    state.scope(scope).tables.insert(
        name.to_owned(),
        Table {
            arn: table_arn(scope, name),
            id: id.clone(),
            created_at: now,
            active_since: busy.is_none().then_some(now),
            busy,
            visible_from,
            history: vec![(now, items)],
            settings: TableSettings::default(),
            pitr_since: None,
            restored_from: Some(restored_from),
        },
    );
    id
}

pub(crate) fn delete(cloud: &FakeCloud, target: &Target, name: &str) -> Result<(), CloudError> {
    const OPERATION: &str = "dynamodb:DeleteTable";
    let scope = scope_of(target);
    let arn = table_arn(&scope, name);
    let mut state = cloud.enter(target, OPERATION, arn.as_str())?;
    let now = cloud.clock.now();
    let Some(table) = state.scope(&scope).tables.get(name).cloned() else {
        return Ok(());
    };
    if table.settings.deletion_protection {
        return Err(answer(
            &mut state,
            CloudErrorKind::Invalid,
            OPERATION,
            "ValidationException",
            "Resource cannot be deleted as it is currently protected against deletion",
        ));
    }
    match table.busy {
        Some(Busy { status, .. }) if status == "DELETING" => return Ok(()),
        Some(Busy { status, .. }) => {
            return Err(answer(
                &mut state,
                CloudErrorKind::Conflict,
                OPERATION,
                "ResourceInUseException",
                format!(
                    "Attempt to change a resource which is still in use: Table is {status}: {name}"
                ),
            ));
        }
        None => {}
    }
    let deleting = state.busy("DELETING", Takes::TableDeletion, now);
    let number = state.next();
    let model = state.scope(&scope);
    if table.pitr_since.is_some() {
        keep_system_backup(model, &table, name, number, now);
    }
    if deleting.is_none() {
        model.tables.remove(name);
    } else if let Some(table) = model.tables.get_mut(name) {
        table.busy = deleting;
    }
    Ok(())
}

/// DynamoDB keeps a backup of a deleted table that had point-in-time recovery, for 35 days.
fn keep_system_backup(
    model: &mut ScopeModel,
    table: &Table,
    name: &str,
    number: u64,
    now: Timestamp,
) {
    let Ok(arn) = Arn::parse(format!("{}/backup/{number:014}-system", table.arn)) else {
        return;
    };
    let (Ok(account), Ok(region)) = (
        tidemark_domain::AccountId::parse(table.arn.account()),
        tidemark_domain::Region::parse(table.arn.region()),
    ) else {
        return;
    };
    debug_assert_eq!(table.arn.name(), name);
    model.points.insert(
        arn.clone(),
        Point {
            shown: RecoveryPoint {
                arn,
                resource_arn: table.arn.clone(),
                resource_type: ResourceType::DynamoDb,
                account,
                region,
                vault: None,
                source: PointSource::DynamoDbSystem,
                status: "AVAILABLE".to_owned(),
                status_message: None,
                created_at: now,
                completed_at: Some(now),
                size_bytes: u64::try_from(table.items() * 100).ok(),
                tier: Tier::Warm,
                cold_at: None,
                delete_at: Some(now + SignedDuration::from_hours(35 * 24)),
                locked: false,
                held: false,
                copied_from: None,
                copied_from_vault: None,
                parent: None,
                plan_id: None,
                rule_id: None,
            },
            metadata: std::collections::BTreeMap::new(),
            items: table.items(),
        },
    );
}
