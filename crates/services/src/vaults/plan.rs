use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tidemark_domain::{
    Invalid, Privilege, Vault,
    plan::VaultLimits,
    policy::{Document, compare, lint},
    vaults::{Rehearsal, RehearsedRule, VaultChange, VaultPlan, VaultRequest, edited},
};

use super::{
    checks::{changeable, empty, free, rehearsal_checks, room, written_to},
    effects::effects,
    rehearse::rehearsed,
    session::session_policy,
};
use crate::{Caller, ServiceError, Services, accounts, authorize, calls};

/// Exactly what a change of a vault would do; of a lock, also which jobs it would fail. Nothing is changed.
pub async fn plan(
    services: &Services,
    caller: &Caller,
    request: VaultRequest,
) -> Result<VaultPlan, ServiceError> {
    make(services, caller, request, "vault.plan").await
}

/// What a change needs: who opens or protects a vault may do more than who makes an empty one.
fn privilege(request: &VaultRequest) -> Privilege {
    if request.protects() {
        Privilege::ProtectVaults
    } else {
        Privilege::ManageVaults
    }
}

pub(super) async fn make(
    services: &Services,
    caller: &Caller,
    request: VaultRequest,
    action: &str,
) -> Result<VaultPlan, ServiceError> {
    let arn = request.arn();
    authorize(services, caller, privilege(&request), action, &arn).await?;
    let request = request.checked()?;
    let account = accounts::find(services, &request.account).await?;
    let target = accounts::reading(&account, &request.region);
    let vault = services
        .vaults
        .vault(&target, &request.vault)
        .await?
        .map(|found| found.vault);
    let creates = matches!(request.change, VaultChange::Create(_));
    if vault.is_none() && !creates {
        return Err(ServiceError::NotFound(format!("vault {arn}")));
    }
    let policy_before = match &vault {
        Some(_) if !creates => {
            services
                .vaults
                .vault_policy(&target, &request.vault)
                .await?
        }
        _ => None,
    };
    let document = readable(policy_before.as_deref())?;
    let policy_after = after(&request, &document, policy_before.as_deref())?;
    let new = Document::of(policy_after.as_deref())?;
    let rehearsal = match (&vault, &request.change) {
        (Some(vault), VaultChange::Lock(wish)) => {
            Some(rehearsed(services, vault, &wish.limits()).await?)
        }
        (Some(vault), VaultChange::Delete) => {
            Some(rehearsed(services, vault, &VaultLimits::default()).await?)
        }
        _ => None,
    };
    let now = services.clock.now();
    let session = session_policy(&request);
    let fitted = session.fit()?;
    let mut checks = calls::check(services, &target, &[&session]).await;
    match (&vault, &request.change) {
        (found, VaultChange::Create(_)) => {
            checks.push(free(found.as_ref()));
            checks.extend(room(services, &request).await?);
        }
        (Some(vault), VaultChange::Delete) => {
            checks.push(empty(vault));
            checks.extend(rehearsal.as_ref().and_then(written_to));
        }
        (Some(vault), VaultChange::Lock(wish)) => {
            checks.push(changeable(vault, now));
            if let Some(rehearsal) = &rehearsal {
                checks.extend(rehearsal_checks(rehearsal, wish));
            }
        }
        (Some(vault), VaultChange::Unlock) => {
            checks.push(changeable(vault, now));
        }
        _ => {}
    }
    let digest = digest(&Digested {
        request: &request,
        vault: vault.as_ref().map(Seen::of),
        before: policy_before.as_deref(),
        after: policy_after.as_deref(),
        failing: rehearsal.iter().flat_map(Rehearsal::failing).collect(),
        session: &fitted.text,
    })?;
    Ok(VaultPlan {
        effects: effects(&request, vault.as_ref(), now),
        statements: compare(&document, &new),
        findings: lint(&new),
        confirmation: request.wants_name().then(|| request.vault.to_string()),
        rehearsal: rehearsal.filter(|_| matches!(request.change, VaultChange::Lock(_))),
        request,
        vault,
        policy_before,
        policy_after,
        checks,
        session_policy: fitted.text,
        digest,
    })
}

/// A policy that cannot be read is the vault's, not the person's.
fn readable(policy: Option<&str>) -> Result<Document, ServiceError> {
    Document::of(policy).map_err(|invalid| {
        Invalid::new(
            "vault",
            format!(
                "has an access policy that cannot be worked with: it {}",
                invalid.rule
            ),
        )
        .into()
    })
}

fn after(
    request: &VaultRequest,
    document: &Document,
    before: Option<&str>,
) -> Result<Option<String>, Invalid> {
    match &request.change {
        VaultChange::Create(new) => Ok(new.policy.clone()),
        VaultChange::Policy(edit) => edited(document, before, edit, &request.region),
        VaultChange::Lock(_) | VaultChange::Unlock | VaultChange::Delete => {
            Ok(before.map(str::to_owned))
        }
    }
}

/// What of a vault must not change between showing and starting.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Seen {
    created_at: Option<jiff::Timestamp>,
    is_empty: bool,
    locked: bool,
    lock_date: Option<jiff::Timestamp>,
    min: Option<i64>,
    max: Option<i64>,
}

impl Seen {
    fn of(vault: &Vault) -> Self {
        Self {
            created_at: vault.created_at,
            is_empty: vault.points == 0,
            locked: vault.locked,
            lock_date: vault.lock_date,
            min: vault.min_retention_days,
            max: vault.max_retention_days,
        }
    }
}

#[derive(Serialize)]
struct Digested<'a> {
    request: &'a VaultRequest,
    vault: Option<Seen>,
    before: Option<&'a str>,
    after: Option<&'a str>,
    failing: Vec<&'a RehearsedRule>,
    session: &'a str,
}

fn digest(what: &Digested<'_>) -> Result<String, ServiceError> {
    let text = serde_json::to_vec(what).map_err(|e| ServiceError::Internal(Box::new(e)))?;
    Ok(hex::encode(Sha256::digest(text)))
}
