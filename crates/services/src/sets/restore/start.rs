use std::collections::BTreeSet;

use serde_json::Value;
use tidemark_domain::{
    Verdict,
    runs::{RunId, RunLabels},
    sets::{SetManifest, SetRestorePlan, SetRestoreRequest},
};
use tidemark_runs::parse_params;

use super::plan::{made, open};
use crate::{
    Caller, ServiceError, Services,
    restore::{self, RestoreParams},
    runs::Start,
    sets::restore_run::{MemberRestoring, RESTORE_SET_KIND, SetRestoreParams, scopes},
};

/// Starts the restore of a set that was shown: it is planned anew and must have the same digest.
pub async fn restore(
    services: &Services,
    caller: &Caller,
    request: SetRestoreRequest,
    digest: &str,
) -> Result<RunId, ServiceError> {
    let begun = begin(services, caller, request, digest).await;
    crate::runs::or_repeat(services, caller, RESTORE_SET_KIND, digest, begun).await
}

async fn begin(
    services: &Services,
    caller: &Caller,
    request: SetRestoreRequest,
    digest: &str,
) -> Result<RunId, ServiceError> {
    let opened = open(services, caller, &request.name, "set.restore").await?;
    let plan = made(services, caller, &opened, request).await?;
    if plan.digest != digest {
        return Err(ServiceError::Conflict(
            "what the restore of the set would do has changed since it was shown; look at the review again"
                .to_owned(),
        ));
    }
    if !plan.can_start() {
        let mut failed = plan.all_checks();
        failed.retain(|check| check.verdict == Verdict::Fail);
        return Err(ServiceError::Checks(failed));
    }
    let reason = plan.request.reason.clone();
    let detail = detail(&plan);
    let params = params(&opened.manifest, plan, digest);
    let one = |values: BTreeSet<String>| match values.len() {
        1 => values.into_iter().next(),
        _ => None,
    };
    let scopes = scopes(&params);
    let labels = RunLabels {
        account: one(scopes.iter().map(|one| one.account.to_string()).collect()),
        region: one(scopes.iter().map(|one| one.region.to_string()).collect()),
        resource: None,
    };
    crate::runs::start(
        services,
        caller,
        Start {
            kind: RESTORE_SET_KIND,
            targets: targets(&params),
            action: "set.restore",
            subject: params.set.clone(),
            digest: Some(digest.to_owned()),
            detail,
            labels,
            reason,
            params,
        },
    )
    .await
}

fn params(set: &SetManifest, plan: SetRestorePlan, digest: &str) -> SetRestoreParams {
    let after = set.restore.clone().unwrap_or_default();
    let switch = plan.request.switch;
    SetRestoreParams {
        set: set.name.clone(),
        version: plan.version,
        pause: set.pause.clone().filter(|_| switch),
        verify: after.verify,
        switch: after.switch.filter(|_| switch),
        allow_empty: plan.request.allow_empty,
        members: plan
            .members
            .into_iter()
            .map(|member| MemberRestoring {
                name: member.member,
                arn: member.arn,
                restore: member.plan.map(RestoreParams::whole),
            })
            .collect(),
        done: Vec::new(),
        request: plan.request,
        digest: digest.to_owned(),
    }
}

fn detail(plan: &SetRestorePlan) -> String {
    let members: Vec<String> = plan
        .members
        .iter()
        .map(|member| match &member.plan {
            None => format!("{} is left out", member.member),
            Some(plan) => {
                let to = plan.destination.as_ref();
                let name = to.and_then(|to| to.name.as_deref());
                let noun = to.map_or("resource", |to| to.noun.as_str());
                match name {
                    Some(name) => format!("{} as {noun} {name}", member.member),
                    None => format!("{} as a new {noun}", member.member),
                }
            }
        })
        .collect();
    let then = if plan.request.switch {
        "the application is switched over"
    } else {
        "the application is not switched over"
    };
    format!("Version {}: {}; {then}.", plan.version, members.join(", "))
}

/// Starts the restore of a run that has ended anew: planned anew, and refused when it would do something else than what was
/// shown then.
pub(crate) async fn again(
    services: &Services,
    caller: &Caller,
    params: Value,
) -> Result<RunId, ServiceError> {
    let params = read(&params)?;
    restore(services, caller, params.request, &params.digest).await
}

/// Whether the caller may restore every member of the run's set.
pub(crate) async fn allowed(
    services: &Services,
    caller: &Caller,
    params: &Value,
    action: &str,
) -> Result<(), ServiceError> {
    let params = read(params)?;
    open(services, caller, &params.set, action).await?;
    for member in &params.members {
        let privilege = tidemark_domain::Privilege::Restore;
        crate::resources::find(services, caller, &member.arn, privilege, action).await?;
    }
    Ok(())
}

/// What only one unfinished run may work on.
pub(crate) fn restore_targets_of(params: &Value) -> Vec<String> {
    read(params).map_or_else(|_| Vec::new(), |params| targets(&params))
}

fn read(params: &Value) -> Result<SetRestoreParams, ServiceError> {
    parse_params(params).map_err(|error| ServiceError::Internal(Box::new(error)))
}

/// Names that are made, and the set: where the application is paused for it, no backup may resume it meanwhile.
fn targets(params: &SetRestoreParams) -> Vec<String> {
    let set = &params.set;
    let mut targets = vec![format!("set-restore:{set}")];
    if params.switch.is_some() {
        targets.push(format!("set:{set}"));
    }
    let plans = params.members.iter().filter_map(|one| one.restore.as_ref());
    targets.extend(plans.flat_map(|one| restore::targets(&one.plan)));
    targets
}
