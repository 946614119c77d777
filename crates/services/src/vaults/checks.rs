//! What is checked before a vault is changed.

use jiff::Timestamp;
use tidemark_domain::{
    Check, LockState, Scope, Vault, VaultKind, quota,
    vaults::{JobFate, LockWish, Rehearsal, RehearsedRule, VaultRequest},
};

use crate::{ServiceError, Services};

pub(super) fn free(found: Option<&Vault>) -> Check {
    const NAME: &str = "The name is free";
    match found {
        None => Check::pass(NAME, "No vault of the account and Region has it."),
        Some(vault) => Check::fail(
            NAME,
            format!(
                "There is a vault {} in {} already.",
                vault.name, vault.region
            ),
            "Choose another name.",
        ),
    }
}

pub(super) async fn room(
    services: &Services,
    request: &VaultRequest,
) -> Result<Option<Check>, ServiceError> {
    let scope = Scope {
        account: request.account.clone(),
        region: request.region.clone(),
    };
    let known = services.catalogue.vaults(&scope).await?.len() as u64;
    Ok((known >= quota::VAULTS).then(|| {
        Check::warn(
            "There is room for another vault",
            format!(
                "{known} vaults are known there, and AWS's quota is {} unless it was raised.",
                quota::VAULTS
            ),
            "Delete a vault that is not used, or ask AWS for a higher quota.",
        )
    }))
}

pub(super) fn empty(vault: &Vault) -> Check {
    const NAME: &str = "The vault is empty";
    match vault.points {
        0 => Check::pass(NAME, "AWS counts no recovery points in it."),
        points => Check::fail(
            NAME,
            format!(
                "It holds recovery points: AWS counts {points}, and deletes an empty vault only."
            ),
            "Delete its recovery points first, or wait until their retention ends.",
        ),
    }
}

pub(super) fn written_to(rehearsal: &Rehearsal) -> Option<Check> {
    (!rehearsal.rules.is_empty()).then(|| {
        Check::warn(
            "No plan uses the vault",
            format!(
                "Jobs of these rules would fail without it: {}.",
                named(rehearsal.rules.iter())
            ),
            "Change the rules first, so that they name another vault.",
        )
    })
}

pub(super) fn changeable(vault: &Vault, now: Timestamp) -> Check {
    const NAME: &str = "The lock can be changed";
    match vault.lock_state(now) {
        LockState::Immutable { .. } => Check::fail(
            NAME,
            if vault.kind == VaultKind::AirGapped {
                "A logically air-gapped vault is locked in compliance mode from the beginning, and nobody can change that."
            } else {
                "It is locked in compliance mode, and the days in which that could be changed are over. Nobody can change it any more, not even AWS."
            },
            "Create another vault.",
        ),
        LockState::Open => Check::pass(NAME, "There is no lock yet."),
        LockState::Governance => Check::pass(NAME, "The present lock is in governance mode."),
        LockState::Grace { until } => Check::pass(
            NAME,
            format!("The present lock can still be changed until {until}."),
        ),
    }
}

pub(super) fn rehearsal_checks(rehearsal: &Rehearsal, wish: &LockWish) -> Vec<Check> {
    const RULES: &str = "Rehearsal: rules of plans";
    const JOBS: &str = "Rehearsal: jobs that have not ended";
    const POINTS: &str = "Rehearsal: recovery points that are there";
    let failing: Vec<&RehearsedRule> = rehearsal.failing().collect();
    let rules = if failing.is_empty() {
        Check::pass(
            RULES,
            format!(
                "Of the plans that are known, {} write into the vault, and all keep their points within the limits.",
                match rehearsal.rules.len() {
                    0 => "no rules".to_owned(),
                    1 => "1 rule".to_owned(),
                    many => format!("{many} rules"),
                }
            ),
        )
    } else {
        let detail = format!(
            "Every job of these rules would fail: {}.",
            named(failing.into_iter())
        );
        let fix = "Change the retention of the rules or of the lock, or say that the lock is to be set although these jobs fail.";
        if wish.accept_failures {
            Check::warn(RULES, detail, fix)
        } else {
            Check::fail(RULES, detail, fix)
        }
    };
    let may_fail = rehearsal.failing_jobs().count();
    let unknown = rehearsal
        .jobs
        .iter()
        .filter(|job| job.fate == JobFate::Unknown)
        .count();
    let jobs = match (may_fail, unknown) {
        (0, 0) => Check::pass(JOBS, "None would fail."),
        (0, unknown) => Check::unknown(
            JOBS,
            format!("Of {unknown} that no known rule asked for, AWS does not tell the retention."),
            "Wait until they have ended.",
        ),
        (may_fail, _) => Check::warn(
            JOBS,
            format!(
                "{may_fail} may fail: their rules keep the points for a time outside the limits."
            ),
            "Wait until they have ended.",
        ),
    };
    let (points, limits) = (rehearsal.points, &rehearsal.limits);
    let outside = points.outside(limits);
    let points = if wish.is_compliance() && points.forever > 0 {
        Check::warn(
            POINTS,
            format!(
                "{} of {} are kept forever: once the lock cannot be changed any more, nobody can ever delete them, and they are paid for without end.",
                points.forever, points.points
            ),
            "Give them an end first, on the page of recovery points: once the vault is locked, lifecycles cannot be changed.",
        )
    } else if outside > 0 {
        Check::warn(
            POINTS,
            format!(
                "{outside} of {} lie outside the limits. They stay as they are, and cannot be deleted before their own time.",
                points.points
            ),
            "Change their lifecycles first where that matters: once the vault is locked, they cannot be changed.",
        )
    } else {
        Check::pass(
            POINTS,
            format!(
                "Of the {} that are known, none lies outside.",
                points.points
            ),
        )
    };
    vec![rules, jobs, points]
}

/// The first rules by plan, name and what they do, with how many more there are.
fn named<'a>(rules: impl ExactSizeIterator<Item = &'a RehearsedRule>) -> String {
    const SHOWN: usize = 5;
    let all = rules.len();
    let mut names: Vec<String> = rules
        .take(SHOWN)
        .map(|rule| {
            format!(
                "{} of the plan {} ({}, {} in {})",
                rule.rule,
                rule.plan,
                rule.kind.as_str(),
                rule.account,
                rule.region
            )
        })
        .collect();
    if all > SHOWN {
        names.push(format!("{} more", all - SHOWN));
    }
    names.join("; ")
}
