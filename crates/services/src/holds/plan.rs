use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tidemark_domain::{
    Arn, Check, Invalid, LegalHold, Privilege, Scope, quota,
    vaults::{HoldChange, HoldPlan, HoldRequest, NewHold},
};

use super::{preview::preview, session::session_policy};
use crate::{Caller, ServiceError, Services, accounts, authorize, calls};

/// Exactly what making or releasing a legal hold would do. Nothing is changed.
pub async fn plan(
    services: &Services,
    caller: &Caller,
    request: HoldRequest,
) -> Result<HoldPlan, ServiceError> {
    make(services, caller, request, "hold.plan").await
}

pub(super) async fn make(
    services: &Services,
    caller: &Caller,
    request: HoldRequest,
    action: &str,
) -> Result<HoldPlan, ServiceError> {
    let arn = request.arn();
    authorize(services, caller, Privilege::ProtectVaults, action, &arn).await?;
    let request = request.checked()?;
    let account = accounts::find(services, &request.account).await?;
    let target = accounts::reading(&account, &request.region);
    let scope = Scope {
        account: request.account.clone(),
        region: request.region.clone(),
    };
    let now = services.clock.now();
    let session = session_policy(&request);
    let fitted = session.fit()?;
    let mut checks = calls::check(services, &target, &[&session]).await;
    let (hold, taken) = match &request.change {
        HoldChange::Create(new) => {
            checks.extend(known(services, &scope, new).await?);
            checks.extend(room(services, &scope).await?);
            let arn = Arn::parse(arn)?;
            (
                None,
                new.as_made(&request.account, &request.region, arn, now),
            )
        }
        HoldChange::Release(release) => {
            let hold = services
                .vaults
                .hold(&target, &release.hold)
                .await?
                .ok_or_else(|| ServiceError::NotFound(format!("legal hold {}", release.hold)))?;
            checks.push(in_force(&hold));
            (Some(hold.clone()), hold)
        }
    };
    let preview = preview(services, &taken, now).await?;
    match &request.change {
        HoldChange::Create(_) if preview.points == 0 => checks.push(Check::warn(
            "It takes recovery points",
            "No known recovery point matches. A hold takes the points that are there when it is made, and none that are made later.",
            "Look at vaults, resources and dates again.",
        )),
        HoldChange::Release(_) if preview.overdue > 0 => checks.push(Check::warn(
            "Nothing is deleted by it",
            format!(
                "{} of the points should be gone by their lifecycle: AWS deletes them once no other hold keeps them.",
                preview.overdue
            ),
            "Change their lifecycles first, if they are still needed.",
        )),
        _ => {}
    }
    let text = serde_json::to_vec(&Digested {
        request: &request,
        hold: hold.as_ref(),
        session: &fitted.text,
    })
    .map_err(|e| ServiceError::Internal(Box::new(e)))?;
    Ok(HoldPlan {
        request,
        hold,
        preview,
        checks,
        session_policy: fitted.text,
        digest: hex::encode(Sha256::digest(text)),
    })
}

/// Vaults that a hold names must be there: AWS takes any name, and then holds nothing.
async fn known(
    services: &Services,
    scope: &Scope,
    new: &NewHold,
) -> Result<Option<Check>, ServiceError> {
    if new.vaults.is_empty() {
        return Ok(None);
    }
    let vaults = services.catalogue.vaults(scope).await?;
    let missing: Vec<String> = new
        .vaults
        .iter()
        .filter(|name| !vaults.iter().any(|vault| vault.name == name.as_str()))
        .map(ToString::to_string)
        .collect();
    if !missing.is_empty() {
        return Err(Invalid::new(
            "vaults",
            format!(
                "must be vaults of {} in {}: there is no {}",
                scope.account,
                scope.region,
                missing.join(", no ")
            ),
        )
        .into());
    }
    Ok(Some(Check::pass(
        "The vaults exist",
        "All of them are there.",
    )))
}

async fn room(services: &Services, scope: &Scope) -> Result<Option<Check>, ServiceError> {
    let holds = services.catalogue.holds(scope).await?;
    let active = holds.iter().filter(|hold| hold.is_active()).count() as u64;
    Ok((active >= quota::LEGAL_HOLDS).then(|| {
        Check::warn(
            "There is room for another hold",
            format!(
                "{active} active holds are known there, and AWS's quota is {} unless it was raised.",
                quota::LEGAL_HOLDS
            ),
            "Release a hold that is no longer needed, or ask AWS for a higher quota.",
        )
    }))
}

fn in_force(hold: &LegalHold) -> Check {
    const NAME: &str = "The hold is in force";
    if hold.is_active() {
        return Check::pass(NAME, format!("Its status is {}.", hold.status));
    }
    Check::fail(
        NAME,
        format!("Its status is {}: it keeps nothing any more.", hold.status),
        "Nothing needs to be done.",
    )
}

/// Which points there are may change: the hold takes those of its moment, as AWS knows them.
#[derive(Serialize)]
struct Digested<'a> {
    request: &'a HoldRequest,
    hold: Option<&'a LegalHold>,
    session: &'a str,
}
