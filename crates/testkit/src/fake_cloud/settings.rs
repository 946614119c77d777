//! What a restore loses and the console puts back.

use std::collections::BTreeMap;

use tidemark_domain::{Arn, ScalingTarget, TableSettings};
use tidemark_services::ports::{CloudError, CloudErrorKind, Target};

use super::{
    FakeCloud,
    enter::{answer, scope_of},
    model::Table,
    pace::{Busy, Takes},
    tables::missing,
};
use crate::build::table_arn;

const DESCRIBING: [&str; 5] = [
    "dynamodb:DescribeTable",
    "dynamodb:DescribeTimeToLive",
    "dynamodb:ListTagsOfResource",
    "dynamodb:DescribeContinuousBackups",
    "application-autoscaling:DescribeScalableTargets",
];

pub(crate) fn settings(
    cloud: &FakeCloud,
    target: &Target,
    name: &str,
) -> Result<TableSettings, CloudError> {
    let scope = scope_of(target);
    let arn = table_arn(&scope, name);
    for action in DESCRIBING {
        let resource = if action.starts_with("dynamodb:") {
            arn.as_str()
        } else {
            "*"
        };
        drop(cloud.enter(target, action, resource)?);
    }
    let mut state = cloud.lock();
    match state.scope(&scope).tables.get(name) {
        Some(table) => Ok(table.settings.clone()),
        None => Err(missing(&mut state, "dynamodb:DescribeTable", name)),
    }
}

/// Changes a table; `updates` marks calls of `UpdateTable`, which a busy table refuses.
fn change(
    cloud: &FakeCloud,
    target: &Target,
    operation: &str,
    name: &str,
    updates: bool,
    apply: impl FnOnce(&mut Table, jiff::Timestamp) -> bool,
) -> Result<(), CloudError> {
    let scope = scope_of(target);
    let arn = table_arn(&scope, name);
    let mut state = cloud.enter(target, operation, arn.as_str())?;
    let now = cloud.clock.now();
    let changing = state.busy("UPDATING", Takes::TableChange, now);
    let Some(table) = state.scope(&scope).tables.get_mut(name) else {
        return Err(missing(&mut state, operation, name));
    };
    // A table that is being changed takes tags and an expiry; one that is being deleted takes nothing.
    let refuses = |busy: &Busy| updates || busy.status == "DELETING";
    if let Some(Busy { status, .. }) = table.busy.clone().filter(refuses) {
        return Err(answer(
            &mut state,
            CloudErrorKind::Conflict,
            operation,
            "ResourceInUseException",
            format!(
                "Attempt to change a resource which is still in use: Table is {status}: {name}"
            ),
        ));
    }
    let changed = apply(table, now);
    if updates && changed {
        table.busy = changing;
    }
    Ok(())
}

pub(crate) fn put_stream(
    cloud: &FakeCloud,
    target: &Target,
    name: &str,
    view: &str,
) -> Result<(), CloudError> {
    let present = {
        let mut state = cloud.lock();
        let scope = scope_of(target);
        state
            .scope(&scope)
            .tables
            .get(name)
            .and_then(|t| t.settings.stream_view.clone())
    };
    match present {
        Some(present) if present == view => change(
            cloud,
            target,
            "dynamodb:UpdateTable",
            name,
            false,
            |_, _| false,
        ),
        Some(present) => {
            let mut state = cloud.enter(
                target,
                "dynamodb:UpdateTable",
                table_arn(&scope_of(target), name).as_str(),
            )?;
            Err(answer(
                &mut state,
                CloudErrorKind::Invalid,
                "dynamodb:UpdateTable",
                "ValidationException",
                format!("Table already has an enabled stream with view type {present}: {name}"),
            ))
        }
        None => change(
            cloud,
            target,
            "dynamodb:UpdateTable",
            name,
            true,
            |table, _| {
                table.settings.stream_view = Some(view.to_owned());
                true
            },
        ),
    }
}

pub(crate) fn put_ttl(
    cloud: &FakeCloud,
    target: &Target,
    name: &str,
    attribute: &str,
) -> Result<(), CloudError> {
    change(
        cloud,
        target,
        "dynamodb:UpdateTimeToLive",
        name,
        false,
        |table, _| {
            table.settings.ttl_attribute = Some(attribute.to_owned());
            true
        },
    )
}

pub(crate) fn put_pitr(
    cloud: &FakeCloud,
    target: &Target,
    name: &str,
    days: i32,
) -> Result<(), CloudError> {
    if !(1..=35).contains(&days) {
        return Err(CloudError::local(
            CloudErrorKind::Invalid,
            "dynamodb:UpdateContinuousBackups",
            "RecoveryPeriodInDays must be between 1 and 35",
        ));
    }
    refuse_while_set_up(cloud, target, name)?;
    change(
        cloud,
        target,
        "dynamodb:UpdateContinuousBackups",
        name,
        false,
        |table, now| {
            table.settings.pitr_days = Some(days);
            table.pitr_since.get_or_insert(now);
            true
        },
    )
}

/// The first seconds of a table: `ContinuousBackupsUnavailableException`.
fn refuse_while_set_up(cloud: &FakeCloud, target: &Target, name: &str) -> Result<(), CloudError> {
    const OPERATION: &str = "dynamodb:UpdateContinuousBackups";
    let scope = scope_of(target);
    let mut state = cloud.enter(target, OPERATION, table_arn(&scope, name).as_str())?;
    let now = cloud.clock.now();
    let lacks = |table: &Table| table.lacks_continuous_backups(now);
    if state.pace.0.is_none() || !state.scope(&scope).tables.get(name).is_some_and(lacks) {
        return Ok(());
    }
    Err(answer(
        &mut state,
        CloudErrorKind::Unavailable,
        OPERATION,
        "ContinuousBackupsUnavailableException",
        format!("Backups are being enabled for the table: {name}. Please retry later"),
    ))
}

pub(crate) fn put_scaling(
    cloud: &FakeCloud,
    target: &Target,
    scaling: &ScalingTarget,
) -> Result<(), CloudError> {
    for action in [
        "application-autoscaling:RegisterScalableTarget",
        "application-autoscaling:PutScalingPolicy",
    ] {
        drop(cloud.enter(target, action, "*")?);
    }
    let name = scaling
        .resource_id
        .split('/')
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    let mut state = cloud.lock();
    let scope = scope_of(target);
    let Some(table) = state.scope(&scope).tables.get_mut(&name) else {
        return Err(answer(
            &mut state,
            CloudErrorKind::Invalid,
            "application-autoscaling:RegisterScalableTarget",
            "ValidationException",
            format!("DynamoDB table does not exist: {}", scaling.resource_id),
        ));
    };
    table
        .settings
        .scaling
        .retain(|s| (&s.resource_id, &s.dimension) != (&scaling.resource_id, &scaling.dimension));
    table.settings.scaling.push(scaling.clone());
    Ok(())
}

pub(crate) fn put_deletion_protection(
    cloud: &FakeCloud,
    target: &Target,
    name: &str,
    on: bool,
) -> Result<(), CloudError> {
    change(
        cloud,
        target,
        "dynamodb:UpdateTable",
        name,
        true,
        |table, _| {
            let changed = table.settings.deletion_protection != on;
            table.settings.deletion_protection = on;
            changed
        },
    )
}

pub(crate) fn tag(
    cloud: &FakeCloud,
    target: &Target,
    table: &Arn,
    tags: &BTreeMap<String, String>,
) -> Result<(), CloudError> {
    change(
        cloud,
        target,
        "dynamodb:TagResource",
        table.name(),
        false,
        |table, _| {
            table.settings.tags.extend(tags.clone());
            true
        },
    )
}

pub(crate) fn tags(
    cloud: &FakeCloud,
    target: &Target,
    table: &Arn,
) -> Result<BTreeMap<String, String>, CloudError> {
    const OPERATION: &str = "dynamodb:ListTagsOfResource";
    let scope = scope_of(target);
    let mut state = cloud.enter(target, OPERATION, table.as_str())?;
    match state.scope(&scope).tables.get(table.name()) {
        Some(table) => Ok(table.settings.tags.clone()),
        None => Err(missing(&mut state, OPERATION, table.name())),
    }
}
