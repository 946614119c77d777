use std::collections::BTreeSet;

use serde_json::Value;
use tidemark_domain::{
    Partition,
    permissions::{Allowance, DeniedBy, PermissionDetail, PermissionReport},
};

use crate::calls::{Place, policy_of};

/// A report with what mends it: the policy that the role lacks, word for word, and what is no matter of
/// the role's policies.
pub(super) fn detail(report: PermissionReport) -> PermissionDetail {
    PermissionDetail {
        features: report.by_feature(),
        // What denies an action that was only tried, nobody says: a policy that allows it is the likeliest.
        role_policy: missing(&report, |by| matches!(by, None | Some(DeniedBy::NoPolicy))),
        boundary_policy: missing(&report, |by| by == Some(DeniedBy::Boundary)),
        by_hand: by_hand(&report),
        report,
    }
}

fn missing(report: &PermissionReport, of: impl Fn(Option<DeniedBy>) -> bool) -> Option<String> {
    let wanted: BTreeSet<(&str, &str)> = report
        .actions
        .iter()
        .filter(|one| one.state == Allowance::Denied && of(one.by))
        .map(|one| (one.action.as_str(), one.on.as_str()))
        .collect();
    if wanted.is_empty() {
        return None;
    }
    let place = Place::Known {
        partition: Partition::of(&report.scope.region).id().to_owned(),
        account: report.scope.account.clone(),
    };
    let policy = policy_of(&place, |call, need| {
        wanted.contains(&(need.action, need.on.words()))
            && call
                .row()
                .features
                .iter()
                .any(|feature| report.features.enables(*feature))
    });
    let is_empty = policy["Statement"].as_array().is_none_or(Vec::is_empty);
    (!is_empty).then(|| pretty(&policy))
}

fn pretty(value: &Value) -> String {
    // A value of JSON is always text.
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}

fn by_hand(report: &PermissionReport) -> Vec<String> {
    let denied = |by: DeniedBy| -> String {
        let actions: BTreeSet<&str> = report
            .actions
            .iter()
            .filter(|one| one.state == Allowance::Denied && one.by == Some(by))
            .map(|one| one.action.as_str())
            .collect();
        actions.into_iter().collect::<Vec<_>>().join(", ")
    };
    let mut lines = Vec::new();
    let statement = denied(DeniedBy::Statement);
    if !statement.is_empty() {
        lines.push(format!(
            "A policy of the role denies {statement}. A denial wins over whatever allows: take it out of the \
             statement that denies it."
        ));
    }
    let organization = denied(DeniedBy::Organization);
    if !organization.is_empty() {
        lines.push(format!(
            "A service control policy of the account's organization does not allow {organization}. Nothing in the \
             account can change that: ask those who manage the organization."
        ));
    }
    if !report.opted_out.is_empty() {
        lines.push(format!(
            "AWS Backup is not opted in to protect {} in {}: no plan and no on-demand backup takes them, whatever \
             the role may do. Opt in under Settings of the AWS Backup console.",
            report.opted_out.join(", "),
            report.scope.region
        ));
    }
    lines
}
