use std::collections::HashMap;

use awsim_iam_policy::{
    AuthzRequest, ContextValue, Decision, EvalContext, PolicyDocument, evaluate,
};

use crate::identity::{Caller, CallerKind, Policies};

/// What is asked of the policies.
pub(crate) struct Question<'a> {
    pub(crate) caller: &'a Caller,
    /// None for root, which needs no identity policy.
    pub(crate) policies: Option<&'a Policies>,
    pub(crate) action: &'a str,
    pub(crate) resource: &'a str,
    /// Account that owns the resource.
    pub(crate) owner: &'a str,
    pub(crate) resource_policy: Option<&'a PolicyDocument>,
    pub(crate) context: &'a HashMap<String, ContextValue>,
}

/// The answer, with what each link said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    /// A statement denies it.
    ExplicitlyDenied,
    /// No statement that counts allows it.
    NotAllowed,
}

impl Verdict {
    pub(crate) fn allowed(self) -> bool {
        self == Self::Allowed
    }
}

/// Evaluates as AWS documents it: a denial anywhere wins; in one account the identity or the
/// resource may allow, across accounts both must; session policies cut down either.
pub(crate) fn decide(question: &Question<'_>) -> Verdict {
    let identity = match question.policies {
        None => Decision::Allow,
        Some(policies) => ask(
            question,
            question.caller.policy_arn(),
            &EvalContext {
                identity_policies: &policies.identity,
                permissions_boundary: policies.boundary.as_ref(),
                ..EvalContext::default()
            },
        ),
    };
    let session = match &question.caller.kind {
        CallerKind::Session(session) if !session.policies.is_empty() => ask(
            question,
            question.caller.policy_arn(),
            &EvalContext {
                identity_policies: &session.policies,
                ..EvalContext::default()
            },
        ),
        _ => Decision::Allow,
    };
    let resource = resource_decision(question);

    if [identity, session, resource].contains(&Decision::ExplicitDeny) {
        return Verdict::ExplicitlyDenied;
    }
    let by_identity = identity == Decision::Allow;
    let by_resource = resource == Decision::Allow;
    let granted = if question.owner == question.caller.account {
        // A statement for the account as a whole leaves it to the account's own policies.
        by_identity || (by_resource && names_the_caller(question))
    } else {
        by_identity && by_resource
    };
    if granted && session == Decision::Allow {
        Verdict::Allowed
    } else {
        Verdict::NotAllowed
    }
}

/// A resource policy may name the session, its role or the account.
fn resource_decision(question: &Question<'_>) -> Decision {
    let Some(policy) = question.resource_policy else {
        return Decision::ImplicitDeny;
    };
    let context = EvalContext {
        resource_policy: Some(policy),
        ..EvalContext::default()
    };
    let as_session = ask(question, &question.caller.arn, &context);
    let as_role = ask(question, question.caller.policy_arn(), &context);
    if as_session == Decision::ExplicitDeny || as_role == Decision::ExplicitDeny {
        Decision::ExplicitDeny
    } else if as_session == Decision::Allow || as_role == Decision::Allow {
        Decision::Allow
    } else {
        Decision::ImplicitDeny
    }
}

/// Whether a statement that allows names the caller itself, or everyone: with an account that nobody has,
/// only such statements match.
fn names_the_caller(question: &Question<'_>) -> bool {
    let Some(policy) = question.resource_policy else {
        return false;
    };
    // Of an ARN with an account the evaluator wants the other side's consent as well, which is not the
    // question here.
    let names_an_account = question
        .resource
        .split(':')
        .nth(4)
        .is_some_and(|account| !account.is_empty());
    let everything = awsim_iam_policy::parse(
        r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    )
    .ok()
    .filter(|_| names_an_account);
    let context = EvalContext {
        identity_policies: everything.as_slice(),
        resource_policy: Some(policy),
        ..EvalContext::default()
    };
    [question.caller.arn.as_str(), question.caller.policy_arn()]
        .into_iter()
        .any(|principal_arn| {
            let request = AuthzRequest {
                principal_arn,
                principal_account: "",
                action: question.action,
                resource_arn: question.resource,
                context: question.context,
            };
            evaluate(&request, &context) == Decision::Allow
        })
}

fn ask(question: &Question<'_>, principal_arn: &str, context: &EvalContext<'_>) -> Decision {
    evaluate(
        &AuthzRequest {
            principal_arn,
            principal_account: &question.caller.account,
            action: question.action,
            resource_arn: question.resource,
            context: question.context,
        },
        context,
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn document(json: &str) -> PolicyDocument {
        awsim_iam_policy::parse(json).unwrap()
    }

    fn user() -> Caller {
        Caller::user(
            "111111111111",
            "arn:aws:iam::111111111111:user/u".into(),
            "AIDA".into(),
            "u".into(),
        )
    }

    fn verdict(
        caller: &Caller,
        identity: Option<&str>,
        resource: Option<&str>,
        owner: &str,
    ) -> Verdict {
        let policies = identity.map(|json| Policies {
            identity: vec![document(json)],
            boundary: None,
        });
        let resource = resource.map(document);
        decide(&Question {
            caller,
            policies: policies.as_ref(),
            action: "s3:GetObject",
            resource: "arn:aws:s3:::b/k",
            owner,
            resource_policy: resource.as_ref(),
            context: &HashMap::new(),
        })
    }

    const ALLOW: &str = r#"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
    const NOTHING: &str = r#"{"Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"}]}"#;
    const BUCKET: &str = r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/u"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#;
    const BUCKET_DENY: &str = r#"{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#;

    #[test]
    fn in_one_account_either_policy_suffices() {
        let own = "111111111111";
        assert_eq!(verdict(&user(), Some(ALLOW), None, own), Verdict::Allowed);
        assert_eq!(
            verdict(&user(), Some(NOTHING), Some(BUCKET), own),
            Verdict::Allowed
        );
        assert_eq!(
            verdict(&user(), Some(NOTHING), None, own),
            Verdict::NotAllowed
        );
    }

    #[test]
    fn across_accounts_both_policies_must_allow() {
        let other = "222222222222";
        assert_eq!(
            verdict(&user(), Some(ALLOW), None, other),
            Verdict::NotAllowed
        );
        assert_eq!(
            verdict(&user(), Some(NOTHING), Some(BUCKET), other),
            Verdict::NotAllowed
        );
        assert_eq!(
            verdict(&user(), Some(ALLOW), Some(BUCKET), other),
            Verdict::Allowed
        );
    }

    #[test]
    fn a_policy_for_the_account_leaves_it_to_the_accounts_own_policies() {
        const WHOLE: &str = r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#;
        let own = "111111111111";
        assert_eq!(
            verdict(&user(), Some(NOTHING), Some(WHOLE), own),
            Verdict::NotAllowed
        );
        assert_eq!(
            verdict(&user(), Some(ALLOW), Some(WHOLE), "222222222222"),
            Verdict::Allowed
        );
    }

    #[test]
    fn a_denial_wins_over_every_grant() {
        assert_eq!(
            verdict(&user(), Some(ALLOW), Some(BUCKET_DENY), "111111111111"),
            Verdict::ExplicitlyDenied
        );
    }

    #[test]
    fn a_root_needs_the_other_accounts_consent() {
        let root = Caller::root("111111111111");
        assert_eq!(verdict(&root, None, None, "111111111111"), Verdict::Allowed);
        assert_eq!(
            verdict(&root, None, None, "222222222222"),
            Verdict::NotAllowed
        );
    }
}
