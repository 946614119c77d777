use serde::Deserialize;
use tidemark_domain::{
    Check, Invalid, Verdict,
    runs::{RunId, RunLabels},
    vaults::{VaultChange, VaultPlan, VaultRequest},
};

use super::{
    plan::make,
    run::{VaultParams, kind_of, target_of},
};
use crate::{Caller, ServiceError, Services, runs::Start};

/// What a person confirms about the plan that they were shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct VaultConfirmed {
    /// Digest of the plan.
    pub digest: String,
    /// Why, in the person's own words.
    pub reason: String,
    /// The vault's name, typed, where the plan asks for it.
    pub confirmation: Option<String>,
}

/// Starts the change that was shown: the plan is made anew, with a lock's rehearsal, and must have the same digest.
pub async fn start(
    services: &Services,
    caller: &Caller,
    request: VaultRequest,
    confirmed: &VaultConfirmed,
) -> Result<RunId, ServiceError> {
    let kind = kind_of(&request);
    let begun = begin(services, caller, request, confirmed).await;
    crate::runs::or_repeat(services, caller, kind, &confirmed.digest, begun).await
}

async fn begin(
    services: &Services,
    caller: &Caller,
    request: VaultRequest,
    confirmed: &VaultConfirmed,
) -> Result<RunId, ServiceError> {
    let action = action_of(&request.change);
    let plan = make(services, caller, request, action).await?;
    if plan.digest != confirmed.digest {
        return Err(ServiceError::Conflict(
            "the vault, or what would be done, has changed since it was shown; look at the plan again"
                .to_owned(),
        ));
    }
    refuse_what_changes_nothing(&plan)?;
    let failed: Vec<Check> = plan
        .checks
        .iter()
        .filter(|check| check.verdict == Verdict::Fail)
        .cloned()
        .collect();
    if !failed.is_empty() {
        return Err(ServiceError::Checks(failed));
    }
    let typed = confirmed.confirmation.as_deref().map(str::trim);
    if let Some(name) = &plan.confirmation
        && typed != Some(name.as_str())
    {
        return Err(Invalid::new(
            "confirmation",
            format!("must be the vault's name, {name}: this cannot be taken back"),
        )
        .into());
    }
    let reason = confirmed.reason.trim();
    if reason.is_empty() && plan.request.protects() {
        return Err(Invalid::new("reason", "must be given").into());
    }
    let arn = plan.request.arn();
    let wish = Start {
        kind: kind_of(&plan.request),
        targets: vec![target_of(&plan.request)],
        action,
        subject: arn.clone(),
        digest: Some(plan.digest.clone()),
        detail: words(&plan),
        labels: RunLabels {
            account: Some(plan.request.account.to_string()),
            region: Some(plan.request.region.to_string()),
            resource: Some(arn),
        },
        reason: reason.to_owned(),
        params: VaultParams {
            request: plan.request,
            shown: plan.vault,
            policy_before: plan.policy_before,
            policy_after: plan.policy_after,
            digest: plan.digest,
        },
    };
    crate::runs::start(services, caller, wish).await
}

fn action_of(change: &VaultChange) -> &'static str {
    match change {
        VaultChange::Create(_) => "vault.create",
        VaultChange::Policy(_) => "vault.policy",
        VaultChange::Lock(_) => "vault.lock",
        VaultChange::Unlock => "vault.unlock",
        VaultChange::Delete => "vault.delete",
    }
}

fn refuse_what_changes_nothing(plan: &VaultPlan) -> Result<(), ServiceError> {
    let nothing = match &plan.request.change {
        VaultChange::Policy(_) => plan.policy_before == plan.policy_after,
        VaultChange::Unlock => plan.vault.as_ref().is_some_and(|vault| !vault.locked),
        VaultChange::Create(_) | VaultChange::Lock(_) | VaultChange::Delete => false,
    };
    if nothing {
        return Err(ServiceError::Conflict(
            "the vault is already as it would be".to_owned(),
        ));
    }
    Ok(())
}

/// The plan in sentences, for the audit log.
fn words(plan: &VaultPlan) -> String {
    let mut words = plan.effects.clone();
    if let Some(rehearsal) = &plan.rehearsal {
        words.push(format!(
            "Rehearsal: jobs of {} rules would fail, {} recovery points lie outside.",
            rehearsal.failing().count(),
            rehearsal.points.outside(&rehearsal.limits)
        ));
    }
    format!("{}: {}", plan.request.arn(), words.join(" "))
}
