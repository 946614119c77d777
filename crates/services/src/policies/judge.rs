//! What follows for a grant from the policy of the bucket and the policies of the role.

use serde_json::json;
use tidemark_domain::{
    Verdict,
    policy::{Answer, Document, Grant, GrantProof, HowProved, evaluate},
};

use crate::ports::RoleSays;

/// What is known of a role's own policies.
pub(super) type Known = Result<RoleSays, String>;

/// Whether the grant works, and what is missing where it does not.
///
/// Source: "Cross-account policy evaluation logic" and "Policy evaluation for requests within a single
/// account" in the IAM user guide: across accounts both sides must allow it, within one account one is
/// enough, and a denial on either side wins.
pub(super) fn judge(
    document: &Document,
    grant: &Grant,
    same_account: bool,
    role: &Known,
) -> GrantProof {
    let name = grant.principal.name();
    let action = &grant.action;
    let answer = evaluate(document, &grant.asked());
    let is_there = document
        .statements()
        .any(|one| one.sid.as_deref() == Some(grant.sid.as_str()));
    let bucket_lacks = || {
        let detail = if is_there {
            format!(
                "The statement {} is in the bucket's policy, and does not allow {action} for the role {name}: it was changed.",
                grant.sid
            )
        } else {
            format!(
                "The statement {} is missing from the bucket's policy: {action} is not allowed for the role {name}.",
                grant.sid
            )
        };
        (
            Verdict::Fail,
            detail,
            Some(format!("{:#}", grant.statement)),
        )
    };
    let role_lacks = || {
        let statement =
            json!({"Effect": "Allow", "Action": action, "Resource": grant.statement["Resource"]});
        (
            Verdict::Fail,
            format!("The role {name} has no statement in its own policies that allows {action}."),
            Some(format!("{statement:#}")),
        )
    };
    let unknown = |why: String| (Verdict::Unknown, why, None);
    let (verdict, detail, missing) = match (&answer, role) {
        (Answer::Denied { by }, _) => (
            Verdict::Fail,
            format!(
                "The statement {by} of the bucket's policy denies {action} for the role {name}."
            ),
            None,
        ),
        (_, Ok(RoleSays::Denied)) => (
            Verdict::Fail,
            format!("A policy of the role {name}, or of its organization, denies {action}."),
            None,
        ),
        (Answer::Allowed { by, whole_account }, role) => match role {
            Ok(RoleSays::Allowed) => (
                Verdict::Pass,
                format!(
                    "The statement {by} and the role's own policies allow {action} for the role {name}."
                ),
                None,
            ),
            _ if same_account && !whole_account => (
                Verdict::Pass,
                format!("The statement {by} allows {action} for the role {name}."),
                None,
            ),
            Err(why) => unknown(format!(
                "The statement {by} allows {action} for the role {name}; what the role's own policies say is not known: {why}"
            )),
            Ok(_) => role_lacks(),
        },
        (Answer::NotAllowed, Ok(RoleSays::Allowed)) if same_account => (
            Verdict::Pass,
            format!(
                "The role's own policies allow {action} for the role {name}, in the bucket's own account."
            ),
            None,
        ),
        (Answer::NotAllowed, _) => bucket_lacks(),
        (Answer::Unknown { by, why }, _) => unknown(format!(
            "Whether the statement {by} lets the role {name} do {action} cannot be told: {why}."
        )),
    };
    GrantProof {
        principal: grant.principal.to_string(),
        action: action.clone(),
        resource: grant.resource.clone(),
        verdict,
        how: HowProved::Evaluated,
        detail,
        missing,
    }
}
