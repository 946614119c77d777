use tidemark_domain::{RoleArn, ScopeCause, ScopeError, SessionName};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, Target},
};

use super::{
    DIAGNOSE_ROLE, because,
    own::Caller,
    trust::{Finding, examine},
};
use crate::{
    factory::{ClientFactory, RoleKey},
    iam::{RoleTrust, trust_policy},
};

const APPLY: &str = "Apply the account's template (CloudFormation) in the account";

/// Why `AssumeRole` was denied. AWS says `AccessDenied` for every reason, so the account's diagnosing
/// role, which may read the access role and nothing else, looks at the trust policy.
pub(super) async fn diagnose(
    factory: &ClientFactory,
    target: &Target,
    caller: &Caller,
    denied: &CloudError,
) -> ScopeError {
    let role = &target.connection.role;
    let Ok(trust) = look(factory, target).await else {
        return unknown(role, caller, denied);
    };
    let policy = match trust {
        RoleTrust::Missing => {
            return because(
                ScopeCause::NoSuchRole,
                format!("There is no role {role}."),
                format!("{APPLY} to create the role, or correct the role's ARN in the console."),
                Some(denied),
            );
        }
        RoleTrust::Policy(policy) => policy,
    };
    let found = examine(
        &policy,
        &caller.account,
        &caller.arn,
        target.connection.external_id.as_str(),
    );
    let (cause, message, fix) = match found {
        Finding::NotTrusted => (
            ScopeCause::Trust,
            format!(
                "The role {role} does not trust the console ({}).",
                caller.arn
            ),
            format!(
                "{APPLY}, or allow sts:AssumeRole to arn:aws:iam::{}:root in the role's trust policy.",
                caller.account
            ),
        ),
        Finding::OtherExternalId => (
            ScopeCause::ExternalId,
            format!("The role {role} expects another external id than the console's."),
            format!("{APPLY}: it carries the right external id."),
        ),
        Finding::NoSourceIdentity if target.session.source_identity.is_some() => (
            ScopeCause::Trust,
            format!("The role {role} does not let the console name its user."),
            "Allow sts:SetSourceIdentity in the role's trust policy, beside sts:AssumeRole."
                .to_owned(),
        ),
        Finding::NoSourceIdentity | Finding::Trusted => (
            ScopeCause::AssumeDenied,
            format!(
                "AWS denies {role} to the console, though its trust policy lets the console in: {}",
                denied.message
            ),
            format!(
                "Check, in this order: the console's own permission of sts:AssumeRole on the role; \
                 service control policies of both accounts; a permissions boundary on {}; other \
                 conditions in the trust policy (source address, organisation, MFA).",
                caller.arn
            ),
        ),
    };
    because(cause, message, fix, Some(denied))
}

async fn look(factory: &ClientFactory, target: &Target) -> Result<RoleTrust, CloudError> {
    let role = &target.connection.role;
    let path = role.as_str().strip_suffix(role.name()).unwrap_or_default();
    // A role at another path than the template's still has its diagnosing role at the root.
    let root = path.split_once("role/").map_or("", |(before, _)| before);
    let beside = RoleArn::parse(format!("{path}{DIAGNOSE_ROLE}"));
    let at_root = RoleArn::parse(format!("{root}role/{DIAGNOSE_ROLE}"));
    let mut answer = None;
    for diagnosing in [at_root, beside].into_iter().flatten() {
        let key = RoleKey {
            role: diagnosing,
            external_id: None,
            session_name: SessionName::from_text("tidemark-diagnose"),
            source_identity: None,
            policy: None,
        };
        let looked = match factory.open_as(target, key).await {
            Ok(access) => trust_policy(&access, role).await,
            Err(error) => Err(error),
        };
        match looked {
            Ok(trust) => return Ok(trust),
            Err(error) => answer = Some(error),
        }
    }
    Err(answer.unwrap_or_else(|| {
        CloudError::local(
            tidemark_services::ports::CloudErrorKind::Unexpected,
            Call::GetRole,
            "there is no diagnosing role",
        )
    }))
}

fn unknown(role: &RoleArn, caller: &Caller, denied: &CloudError) -> ScopeError {
    because(
        ScopeCause::AssumeDenied,
        format!(
            "AWS denies {role} to the console ({}) and does not say why: {}",
            caller.arn, denied.message
        ),
        format!(
            "{APPLY}. The reason may be: the role does not exist; it does not trust account {}; it \
             expects another external id; the console lacks sts:AssumeRole on it; a service control \
             policy forbids it. With the role {DIAGNOSE_ROLE} from the template the console could \
             tell these apart.",
            caller.account
        ),
        Some(denied),
    )
}
