use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use tidemark_domain::{
    AccountId, Invalid, PointFilter, Privilege, RecoveryPoint, Region,
    change::{
        ChangePlan, ChangeRequest, ChangeTarget, Keep, LeftGroup, NewLifecycle, PointAction,
        PointSelection, ResourceReach, verdict,
    },
};

use super::super::list::check;
use crate::{Caller, ServiceError, Services, authorize, cost::early_deletion};

/// How many resources and points a plan names one by one.
const SHOWN: usize = 20;

/// A point of the selection and what would become of it.
pub(super) type Planned = (RecoveryPoint, Result<NewLifecycle, Keep>);

/// Exactly what a change of many points would do. Nothing is changed.
pub async fn plan(
    services: &Services,
    caller: &Caller,
    request: ChangeRequest,
) -> Result<ChangePlan, ServiceError> {
    let (plan, _) = make(services, caller, request, "point.change.plan").await?;
    Ok(plan)
}

/// The plan, and the points that it is about, in the order of the run.
pub(super) async fn make(
    services: &Services,
    caller: &Caller,
    request: ChangeRequest,
    action: &str,
) -> Result<(ChangePlan, Vec<Planned>), ServiceError> {
    authorize(services, caller, Privilege::ManagePoints, action, "").await?;
    request.action.check()?;
    request.check_extent()?;
    let now = services.clock.now();
    let mut planned: Vec<Planned> = selected(services, &request.selection, ChangeRequest::MOST)
        .await?
        .into_iter()
        .map(|point| {
            let verdict = verdict(&point, &request.action);
            (point, verdict)
        })
        .collect();
    planned.sort_by(|(a, _), (b, _)| place(a).cmp(&place(b)));
    planned.dedup_by(|(a, _), (b, _)| place(a) == place(b));
    let changed: Vec<RecoveryPoint> = planned
        .iter()
        .filter(|(_, verdict)| verdict.is_ok())
        .map(|(point, _)| point.clone())
        .collect();
    let aliases = aliases(services).await?;
    let reach = match request.action {
        PointAction::Delete => services.catalogue.reach(&changed).await?,
        PointAction::ChangeLifecycle { .. } => {
            let due: Vec<RecoveryPoint> = due_at_once(&planned, now).cloned().collect();
            services.catalogue.reach(&due).await?
        }
    };
    let targets = targets(&changed, &aliases);
    let (last, reach): (Vec<_>, Vec<_>) = reach.into_iter().partition(|reach| reach.after == 0);
    let digest = digest(&request, &planned)?;
    let plan = ChangePlan {
        points: number(changed.len()),
        bytes: changed
            .iter()
            .filter_map(|point| point.size_bytes)
            .fold(0, u64::saturating_add),
        confirmation: confirmation(&request.action, &targets, changed.len()),
        targets,
        left: left(&planned),
        early: match request.action {
            PointAction::Delete => early_deletion(services, &changed),
            PointAction::ChangeLifecycle { .. } => {
                early_deletion(services, due_at_once(&planned, now))
            }
        },
        due_at_once: number(due_at_once(&planned, now).count()),
        resources: number(last.len() + reach.len()),
        last_points_total: number(last.len()),
        last_points: first(last),
        reach: most_affected(reach),
        first: changed
            .iter()
            .take(SHOWN)
            .map(|point| point.arn.clone())
            .collect(),
        request,
        digest,
    };
    Ok((plan, planned))
}

/// The points of a selection, as the catalogue knows them; refused where they are more than `most`.
pub(crate) async fn selected(
    services: &Services,
    selection: &PointSelection,
    most: usize,
) -> Result<Vec<RecoveryPoint>, ServiceError> {
    let too_many = || {
        Invalid::new(
            "selection",
            format!(
                "must hold at most {most} recovery points; narrow the filter and do it in parts"
            ),
        )
    };
    match selection {
        PointSelection::Picked(picks) => {
            if picks.is_empty() {
                return Err(Invalid::new("selection", "must hold a recovery point").into());
            }
            if picks.len() > most {
                return Err(too_many().into());
            }
            let points = services.catalogue.picked(picks).await?;
            if points.is_empty() {
                return Err(ServiceError::NotFound("these recovery points".to_owned()));
            }
            Ok(points)
        }
        PointSelection::Matching(filter) => {
            let mut filter = PointFilter {
                cursor: None,
                limit: Some(1000),
                ..filter.as_ref().clone()
            };
            check(&filter)?;
            let mut points = Vec::new();
            loop {
                let page = services.catalogue.points(&filter).await?;
                let all = page.total.unwrap_or_default();
                points.extend(page.items);
                if points.len() > most || all > number(most) {
                    return Err(too_many().into());
                }
                match page.next {
                    Some(next) => filter.cursor = Some(next),
                    None => return Ok(points),
                }
            }
        }
    }
}

/// Where a point has its place in the run's list: vault by vault, oldest first.
pub(crate) fn place(point: &RecoveryPoint) -> (&AccountId, &Region, Option<&str>, Timestamp, &str) {
    (
        &point.account,
        &point.region,
        point.vault.as_deref(),
        point.created_at,
        point.arn.as_str(),
    )
}

/// Points that the new lifecycle would delete at once.
fn due_at_once(planned: &[Planned], now: Timestamp) -> impl Iterator<Item = &RecoveryPoint> {
    planned.iter().filter_map(move |(point, verdict)| {
        let lifecycle = verdict.as_ref().ok()?;
        let due = lifecycle.delete_at(point.created_at)? <= now;
        due.then_some(point)
    })
}

/// What people call each account.
pub(crate) async fn aliases(
    services: &Services,
) -> Result<HashMap<AccountId, String>, ServiceError> {
    Ok(services
        .accounts
        .list()
        .await?
        .into_iter()
        .map(|account| (account.connection.account, account.alias))
        .collect())
}

/// Where points lie; they come vault by vault.
pub(crate) fn targets(
    points: &[RecoveryPoint],
    aliases: &HashMap<AccountId, String>,
) -> Vec<ChangeTarget> {
    let mut targets: Vec<ChangeTarget> = Vec::new();
    // The points come vault by vault.
    for point in points {
        let vault = point.vault.as_deref().unwrap_or_default();
        let bytes = point.size_bytes.unwrap_or(0);
        match targets.last_mut() {
            Some(last)
                if last.account == point.account
                    && last.region == point.region
                    && last.vault == vault =>
            {
                last.points += 1;
                last.bytes = last.bytes.saturating_add(bytes);
            }
            _ => targets.push(ChangeTarget {
                account: point.account.clone(),
                alias: aliases.get(&point.account).cloned().unwrap_or_default(),
                region: point.region.clone(),
                vault: vault.to_owned(),
                points: 1,
                bytes,
            }),
        }
    }
    targets
}

fn left(planned: &[Planned]) -> Vec<LeftGroup> {
    let mut groups: BTreeMap<Keep, LeftGroup> = BTreeMap::new();
    for (point, verdict) in planned {
        let Err(keep) = verdict else { continue };
        let group = groups.entry(*keep).or_insert_with(|| LeftGroup {
            keep: *keep,
            points: 0,
            first: Vec::new(),
        });
        group.points += 1;
        if group.first.len() < 3 {
            group.first.push(point.arn.clone());
        }
    }
    groups.into_values().collect()
}

fn first(mut reach: Vec<ResourceReach>) -> Vec<ResourceReach> {
    reach.truncate(SHOWN);
    reach
}

/// Those that lose most of how far back they reach come first.
fn most_affected(mut reach: Vec<ResourceReach>) -> Vec<ResourceReach> {
    let lost = |reach: &ResourceReach| match (reach.furthest_before, reach.furthest_after) {
        (Some(before), Some(after)) => after.as_second() - before.as_second(),
        _ => 0,
    };
    reach.sort_by(|a, b| (lost(b), &a.resource).cmp(&(lost(a), &b.resource)));
    first(reach)
}

/// What has to be typed: the vault's name where there is one, else what is done and with how many.
fn confirmation(action: &PointAction, targets: &[ChangeTarget], points: usize) -> String {
    match (targets, action) {
        ([one], _) => one.vault.clone(),
        (_, PointAction::Delete) => format!("delete {points}"),
        (_, PointAction::ChangeLifecycle { .. }) => format!("change {points}"),
    }
}

/// Digest over the action and every point with what would become of it.
fn digest(request: &ChangeRequest, planned: &[Planned]) -> Result<String, ServiceError> {
    let text = |value: serde_json::Result<Vec<u8>>| {
        value.map_err(|error| ServiceError::Internal(Box::new(error)))
    };
    let mut hash = Sha256::new();
    hash.update(text(serde_json::to_vec(&request.action))?);
    for (point, verdict) in planned {
        hash.update(b"\n");
        hash.update(text(serde_json::to_vec(&(
            &point.account,
            &point.region,
            &point.vault,
            &point.arn,
            verdict.as_ref().ok(),
            verdict.as_ref().err(),
        )))?);
    }
    Ok(hex::encode(hash.finalize()))
}

/// A count as it is shown.
pub(crate) fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
