use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use tidemark_domain::{
    Invalid, Privilege, RecoveryPoint, RoleArn, VaultDetail,
    copies::{
        CopyFinding, CopyLevel, CopyPlace, CopyPlan, CopyProblem, CopyRequest, PointKey, judge,
    },
};

use super::{
    facts::{gather, scope_of},
    policy::service_role,
};
use crate::{
    Caller, ServiceError, Services, authorize,
    points::change::{aliases, number, place, selected, targets},
};

/// How many points a plan names one by one.
const SHOWN: usize = 20;
/// How many points a finding names.
const EXAMPLES: usize = 3;

/// A point of the selection, and what would become of it.
pub(super) struct Planned {
    pub(super) point: RecoveryPoint,
    pub(super) problems: Vec<CopyProblem>,
    /// A copy job is started for it.
    pub(super) copied: bool,
}

impl Planned {
    fn worst(&self) -> Option<CopyLevel> {
        self.problems.iter().map(CopyProblem::level).min()
    }
}

/// Exactly which copies would be made. Nothing is started.
pub async fn plan(
    services: &Services,
    caller: &Caller,
    request: CopyRequest,
) -> Result<CopyPlan, ServiceError> {
    let (plan, _) = make(services, caller, request, "point.copy.plan").await?;
    Ok(plan)
}

/// The plan, and the points that it is about, in the order of the run.
pub(super) async fn make(
    services: &Services,
    caller: &Caller,
    mut request: CopyRequest,
    action: &str,
) -> Result<(CopyPlan, Vec<Planned>), ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManagePoints,
        action,
        request.destination.as_str(),
    )
    .await?;
    request.check()?;
    let mut points = selected(services, &request.selection, CopyRequest::MOST).await?;
    points.sort_by(|a, b| place(a).cmp(&place(b)));
    points.dedup_by(|a, b| place(a) == place(b));
    request.service_role = role_of(&request, &points)?;
    let detail = destination(services, &request).await?;
    let now = services.clock.now();
    let (facts, keys) = gather(services, &detail.vault, &points).await;
    let planned: Vec<Planned> = points
        .into_iter()
        .map(|point| {
            let scope = scope_of(&point);
            let role = service_role(&scope, request.service_role.as_deref());
            let key = keys.get(&(scope, point.arn.clone()));
            let key = key.unwrap_or(&PointKey::Unknown);
            let problems = judge(&point, key, request.lifecycle, &role, &facts, now);
            let mut planned = Planned {
                point,
                problems,
                copied: false,
            };
            planned.copied = match planned.worst() {
                Some(CopyLevel::Never) => false,
                Some(CopyLevel::Fails) => request.anyway,
                Some(CopyLevel::Note) | None => true,
            };
            planned
        })
        .collect();
    let copied: Vec<RecoveryPoint> = planned
        .iter()
        .filter(|planned| planned.copied)
        .map(|planned| planned.point.clone())
        .collect();
    let fails = |copied: bool| {
        planned
            .iter()
            .filter(|planned| planned.copied == copied)
            .filter(|planned| planned.worst() == Some(CopyLevel::Fails))
            .count()
    };
    let plan = CopyPlan {
        destination: CopyPlace {
            vault: detail.vault.name,
            account: detail.vault.account,
            alias: detail.alias,
            region: detail.vault.region,
            kind: detail.vault.kind,
        },
        points: number(copied.len()),
        bytes: copied
            .iter()
            .filter_map(|point| point.size_bytes)
            .fold(0, u64::saturating_add),
        sources: targets(&copied, &aliases(services).await?),
        findings: findings(&planned),
        left: number(planned.len() - copied.len()),
        refused: number(fails(false)),
        doubtful: number(fails(true)),
        first: copied
            .iter()
            .take(SHOWN)
            .map(|point| point.arn.clone())
            .collect(),
        digest: digest(&request, &planned)?,
        request,
    };
    Ok((plan, planned))
}

/// The role that was asked for, if it can be handed over for every point.
fn role_of(
    request: &CopyRequest,
    points: &[RecoveryPoint],
) -> Result<Option<String>, ServiceError> {
    let given = request.service_role.as_deref().map(str::trim);
    let Some(given) = given.filter(|role| !role.is_empty()) else {
        return Ok(None);
    };
    let role = RoleArn::parse(given).map_err(|error| error.in_field("service role"))?;
    let elsewhere = |point: &&RecoveryPoint| point.account.as_str() != role.account();
    if let Some(point) = points.iter().find(elsewhere) {
        return Err(Invalid::new(
            "service role",
            format!(
                "must be a role of the account of every recovery point, and one lies in account {}; leave it empty for AWS \
                 Backup's default role in each account",
                point.account
            ),
        )
        .into());
    }
    Ok(Some(role.into()))
}

async fn destination(
    services: &Services,
    request: &CopyRequest,
) -> Result<VaultDetail, ServiceError> {
    let vault = services.catalogue.vault(&request.destination).await?;
    vault.ok_or_else(|| {
        Invalid::new(
            "destination",
            "must be a vault of an account and Region that are registered here; a new vault is known once its account has \
             been read again",
        )
        .into()
    })
}

/// Each problem with how many points have it; what stops most comes first.
fn findings(planned: &[Planned]) -> Vec<CopyFinding> {
    let mut findings: BTreeMap<&CopyProblem, CopyFinding> = BTreeMap::new();
    for planned in planned {
        for problem in &planned.problems {
            let finding = findings
                .entry(problem)
                .or_insert_with(|| CopyFinding::of(problem.clone()));
            finding.points += 1;
            if finding.first.len() < EXAMPLES {
                finding.first.push(planned.point.arn.clone());
            }
        }
    }
    let mut findings: Vec<CopyFinding> = findings.into_values().collect();
    let weight = |level: CopyLevel| match level {
        CopyLevel::Fails => 0,
        CopyLevel::Never => 1,
        CopyLevel::Note => 2,
    };
    findings.sort_by_key(|finding| (weight(finding.level), u64::MAX - finding.points));
    findings
}

/// Digest over the request and every point with what stops it. What could not be asked may be asked the next time, and
/// does not count.
fn digest(request: &CopyRequest, planned: &[Planned]) -> Result<String, ServiceError> {
    let text = |value: serde_json::Result<Vec<u8>>| {
        value.map_err(|error| ServiceError::Internal(Box::new(error)))
    };
    let mut hash = Sha256::new();
    hash.update(text(serde_json::to_vec(&(
        &request.destination,
        &request.lifecycle,
        &request.service_role,
        request.anyway,
    )))?);
    for planned in planned {
        let stops: Vec<&CopyProblem> = planned
            .problems
            .iter()
            .filter(|problem| problem.level() != CopyLevel::Note)
            .collect();
        let point = &planned.point;
        hash.update(b"\n");
        hash.update(text(serde_json::to_vec(&(
            &point.account,
            &point.region,
            &point.vault,
            &point.arn,
            planned.copied,
            stops,
        )))?);
    }
    Ok(hex::encode(hash.finalize()))
}
