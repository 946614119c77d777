use std::collections::BTreeMap;

use tidemark_domain::{ScopeCause, ScopeError, permissions::DeniedBy};
use tidemark_services::{
    calls::{Call, Feature},
    ports::{AccessProbe, CloudError, Evaluated, ProbeLink, Target},
};

use super::{FakeCloud, enter::broken};

fn link(name: &str, detail: &str, broken: Option<ScopeError>) -> ProbeLink {
    ProbeLink {
        name: name.to_owned(),
        detail: detail.to_owned(),
        broken,
        warning: None,
    }
}

pub(crate) fn probe(cloud: &FakeCloud, target: &Target) -> AccessProbe {
    let state = cloud.lock();
    let role = &target.connection.role;
    let error = |cause, message: String, fix: &str| ScopeError {
        cause,
        message,
        fix: fix.to_owned(),
        code: None,
        request_id: None,
    };
    let cause = broken(&state, target).map(|(cause, _)| cause);
    if let Some(cause @ (ScopeCause::Endpoint | ScopeCause::Slow | ScopeCause::Throttled)) = cause {
        let why = error(
            cause,
            "The endpoint does not answer in time.".to_owned(),
            "Check the endpoint and the network.",
        );
        return AccessProbe {
            links: vec![link("Reach the endpoint", "", Some(why))],
            tried: BTreeMap::new(),
        };
    }
    let mut links = vec![
        link("Reach the endpoint", "It answers.", None),
        link("Use the console's credentials", "They are valid.", None),
    ];
    let why = cause.map(|cause| {
        let (message, fix) = match cause {
            ScopeCause::NoSuchRole => (
                format!("There is no role {role}."),
                "Create the role from the account's template.",
            ),
            ScopeCause::Trust => (
                format!("The role {role} does not trust the console's account."),
                "Apply the account's template again.",
            ),
            _ => (
                format!("The role {role} expects another external id."),
                "Apply the account's template again.",
            ),
        };
        error(cause, message, fix)
    });
    let stopped = why.is_some();
    links.push(link(
        "Assume the role",
        if stopped {
            ""
        } else {
            "It lets the console in."
        },
        why,
    ));
    if stopped {
        return AccessProbe {
            links,
            tried: BTreeMap::new(),
        };
    }
    let denied: Vec<&str> = state
        .accounts
        .get(&target.connection.account)
        .map(|a| a.denied.iter().map(String::as_str).collect())
        .unwrap_or_default();
    let mut reading = link("Read the account", "Every list can be read.", None);
    if !denied.is_empty() {
        reading.warning = Some(format!("The role lacks {}.", denied.join(", ")));
    }
    links.push(reading);
    let lists = Call::ALL
        .iter()
        .filter(|call| call.row().features.contains(&Feature::Probe))
        .filter_map(|call| call.action());
    let tried = lists
        .map(|action| (action.to_owned(), !denied.contains(&action)))
        .collect();
    AccessProbe { links, tried }
}

pub(crate) fn simulate(
    cloud: &FakeCloud,
    target: &Target,
    actions: &[String],
) -> Result<BTreeMap<String, Evaluated>, CloudError> {
    let state = cloud.enter(
        target,
        "iam:SimulatePrincipalPolicy",
        target.connection.role.as_str(),
    )?;
    let denied = state
        .accounts
        .get(&target.connection.account)
        .map(|a| &a.denied);
    Ok(actions
        .iter()
        .map(|action| {
            let said = if denied.is_none_or(|d| !d.contains(action)) {
                Evaluated::Allowed
            } else {
                Evaluated::Denied(DeniedBy::NoPolicy)
            };
            (action.clone(), said)
        })
        .collect())
}

/// `AssumeRole`, which looks at the trust policy alone.
pub(crate) fn assume(cloud: &FakeCloud, target: &Target) -> Result<(), CloudError> {
    cloud.enter_only(target).map(drop)
}
