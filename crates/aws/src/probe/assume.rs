use tidemark_domain::SessionName;
use tidemark_services::ports::{CloudErrorKind, ProbeLink, Target};

use super::{broken, diagnose::diagnose, holds, own::Caller};
use crate::{
    factory::{ClientFactory, RoleKey},
    scope_error::scope_error,
};

const NAME: &str = "Assume the role";

/// Tries to assume the role as the console reads with it; where that is denied, finds out why.
pub(super) async fn assume(factory: &ClientFactory, target: &Target, caller: &Caller) -> ProbeLink {
    let role = &target.connection.role;
    let key = RoleKey::of(target);
    match factory.bare_role(key.clone()).fresh().await {
        Ok(_) => {
            let mut link = holds(NAME, format!("{role} lets the console in."));
            link.warning = weaknesses(factory, key).await;
            link
        }
        Err(error) if error.kind == CloudErrorKind::Denied => {
            broken(NAME, diagnose(factory, target, caller, &error).await)
        }
        Err(error) => broken(NAME, scope_error(&error)),
    }
}

/// What works, but not as it should: runs that cannot name their user, or a role that anyone in the
/// console's account can talk into letting them in.
async fn weaknesses(factory: &ClientFactory, key: RoleKey) -> Option<String> {
    let mut found = Vec::new();
    let mut named = key.clone();
    named.source_identity = Some(SessionName::from_text("tidemark-check"));
    if let Err(error) = factory.bare_role(named).fresh().await
        && error.kind == CloudErrorKind::Denied
    {
        found.push(
            "Runs cannot name their user to CloudTrail: allow sts:SetSourceIdentity in the role's trust policy, beside sts:AssumeRole.",
        );
    }
    let mut without = key;
    without.external_id = None;
    if factory.bare_role(without).fresh().await.is_ok() {
        found.push(
            "The role lets the console in without an external id: add the condition on sts:ExternalId from the account's template to its trust policy.",
        );
    }
    (!found.is_empty()).then(|| found.join(" "))
}
