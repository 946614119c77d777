use std::collections::BTreeMap;

use jiff::Timestamp;
use tidemark_domain::{
    Account, Region, Scope, ScopeCause,
    permissions::{ActionPermission, Allowance, PermissionReport},
};

use super::ask::{ask, resource};
use crate::{
    ServiceError, Services, accounts,
    calls::{Call, RoleNeed, role_needs},
    ports::{AccessProbe, CloudError, CloudErrorKind, Target},
    sync::scope_error,
};

/// Asks what an account's role may do in a Region. A failure is part of the report; only the store can
/// make it fail.
pub(super) async fn make(
    services: &Services,
    account: &Account,
    region: &Region,
) -> Result<PermissionReport, ServiceError> {
    let scope = Scope {
        account: account.connection.account.clone(),
        region: region.clone(),
    };
    let mut report = nothing(account, region, services.clock.now());
    report.broken = disabled(services, &scope).await?;
    report.opted_out = opted_out(services, &scope).await?;
    if report.broken.is_some() {
        return Ok(report);
    }
    let target = accounts::reading(account, region);
    let needs = role_needs(&account.features);
    let answers = ask(services, &target, &needs).await;
    for one in &mut report.actions {
        let said = answers
            .known
            .iter()
            .find(|((action, on), _)| *action == one.action && *on == one.on);
        if let Some((_, by)) = said {
            one.by = *by;
            one.state = match by {
                None => Allowance::Allowed,
                Some(_) => Allowance::Denied,
            };
        }
    }
    if let Some(error) = answers.error {
        explain(services, &target, &mut report, &error).await;
    }
    Ok(report)
}

/// A report in which nothing is known yet.
pub(super) fn nothing(account: &Account, region: &Region, at: Timestamp) -> PermissionReport {
    let target = accounts::reading(account, region);
    PermissionReport {
        scope: Scope {
            account: account.connection.account.clone(),
            region: region.clone(),
        },
        made_at: at,
        features: account.features.clone(),
        broken: None,
        not_asked: None,
        opted_out: Vec::new(),
        actions: role_needs(&account.features)
            .iter()
            .map(|need| unknown(need, &target))
            .collect(),
    }
}

/// Why IAM could not be asked about all: the way in is broken, or the role may not ask. What can be found
/// by trying is found so.
async fn explain(
    services: &Services,
    target: &Target,
    report: &mut PermissionReport,
    error: &CloudError,
) {
    let gets_in = error.operation != Call::AssumeRole.name();
    if error.kind != CloudErrorKind::Denied {
        if gets_in {
            report.not_asked = Some(format!("IAM could not be asked: {error}."));
        } else {
            report.broken = Some(scope_error(error, None));
        }
        return;
    }
    let probe = services.cloud.probe(target).await;
    let broken = probe.links.iter().any(|link| link.broken.is_some());
    if !gets_in || (broken && probe.tried.is_empty()) {
        report.broken = Some(scope_error(error, Some(&probe)));
        return;
    }
    report.not_asked = Some(format!(
        "The role may not ask IAM what it may do ({} is denied): what is known was found by trying.",
        Call::SimulatePrincipalPolicy.name()
    ));
    take_tried(report, &probe);
}

fn take_tried(report: &mut PermissionReport, probe: &AccessProbe) {
    let mut tried: BTreeMap<&str, bool> = probe
        .tried
        .iter()
        .map(|(action, allowed)| (action.as_str(), *allowed))
        .collect();
    // That it may not ask is itself known.
    tried.insert(Call::SimulatePrincipalPolicy.name(), false);
    for one in &mut report.actions {
        if one.state != Allowance::Unknown {
            continue;
        }
        one.state = match tried.get(one.action.as_str()) {
            Some(true) => Allowance::Allowed,
            // What denies it, nobody says.
            Some(false) => Allowance::Denied,
            None => Allowance::Unknown,
        };
    }
}

fn unknown(need: &RoleNeed, target: &Target) -> ActionPermission {
    ActionPermission {
        action: need.action.to_owned(),
        on: need.on.words().to_owned(),
        resource: resource(need.on, target),
        features: need.features.clone(),
        when: need.when.map(|when| when.words().to_owned()),
        state: Allowance::Unknown,
        by: None,
        was_allowed: false,
        lost_at: None,
    }
}

/// Says that the Region is not enabled, where the last reading of it found so: IAM answers in any case.
async fn disabled(
    services: &Services,
    scope: &Scope,
) -> Result<Option<tidemark_domain::ScopeError>, ServiceError> {
    let states = services.catalogue.scopes(Some(&scope.account)).await?;
    Ok(states
        .into_iter()
        .find(|state| state.scope == *scope)
        .and_then(|state| state.error)
        .filter(|error| error.cause == ScopeCause::RegionDisabled))
}

/// Types that AWS Backup protects in the Region only once somebody opts in.
async fn opted_out(services: &Services, scope: &Scope) -> Result<Vec<String>, ServiceError> {
    let settings = services.catalogue.region_settings(scope).await?;
    Ok(settings
        .map(|settings| {
            settings
                .opt_in
                .iter()
                .filter(|(_, on)| !**on)
                .map(|(kind, _)| kind.clone())
                .collect()
        })
        .unwrap_or_default())
}
