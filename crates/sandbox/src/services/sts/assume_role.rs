use std::collections::HashMap;

use awsim_core::{AwsError, Protocol, RequestContext};
use awsim_iam_policy::{
    AuthzRequest, ContextValue, Decision, EvalContext, PolicyDocument, evaluate,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::validate;
use crate::{
    authz::{Question, Verdict, condition_context, decide},
    gateway::{Refusal, refuse},
    identity::{Caller, CallerKind, Identity, NewSession},
};

/// Characters that a session policy may have; AWS counts a packed form that is no longer.
const SESSION_POLICY_LIMIT: usize = 2048;

/// `AssumeRole`: the trust policy of the role in the role's own account decides, with the
/// caller's own policies; every refusal reads the same, so that nothing is given away.
pub(super) fn assume_role(
    identity: &Identity,
    caller: &Caller,
    input: &Value,
    ctx: &RequestContext,
) -> Result<Value, AwsError> {
    let text = |member: &str| input.get(member).and_then(Value::as_str);
    let role_arn = text("RoleArn").ok_or_else(|| missing("roleArn"))?;
    let (account, role_name) = validate::role_arn(role_arn)?;
    let session_name = validate::name(
        "roleSessionName",
        text("RoleSessionName").ok_or_else(|| missing("roleSessionName"))?,
    )?;
    let source_identity = text("SourceIdentity")
        .map(|value| validate::name("sourceIdentity", value))
        .transpose()?;
    let external_id = text("ExternalId").map(validate::external_id).transpose()?;

    let refused = || {
        refuse(
            "sts",
            Protocol::AwsQuery,
            Refusal::Denied,
            &format!(
                "User: {} is not authorized to perform: sts:AssumeRole on resource: {role_arn}",
                caller.arn
            ),
        )
    };
    let role = identity
        .iam(account)
        .roles
        .get(role_name)
        .map(|role| role.value().clone())
        .filter(|role| role.arn == role_arn)
        .ok_or_else(refused)?;

    let source_identity = sticky_source_identity(caller, source_identity, &refused)?;
    let mut context = condition_context(caller, &ctx.region);
    for (key, value) in &role.tags {
        let value = ContextValue::String(value.clone());
        context.insert(format!("aws:ResourceTag/{key}"), value);
    }
    let mut put = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            context.insert(key.to_owned(), ContextValue::String(value.to_owned()));
        }
    };
    put("sts:ExternalId", external_id);
    put("sts:RoleSessionName", Some(session_name));
    put("sts:SourceIdentity", source_identity);
    let tags = session_tags(input)?;
    for (key, value) in &tags {
        put(&format!("aws:RequestTag/{key}"), Some(value));
    }

    let mut actions = vec!["sts:AssumeRole"];
    if source_identity.is_some() {
        actions.push("sts:SetSourceIdentity");
    }
    if !tags.is_empty() {
        actions.push("sts:TagSession");
    }
    for action in actions {
        let trusts = trust(&role.assume_role_policy_document, caller, action, &context);
        let permitted = permits(
            identity, caller, account, action, role_arn, trusts, &context,
        );
        if !permitted {
            return Err(refused());
        }
    }

    let chained = caller.as_session().is_some();
    let seconds = validate::duration(text("DurationSeconds"), role.max_session_duration, chained)?;
    let policies = session_policies(identity, account, input)?;
    let session = identity.sessions().issue(
        NewSession {
            account: account.to_owned(),
            role_arn: role.arn,
            role_name: role.role_name,
            role_id: role.role_id,
            session_name: session_name.to_owned(),
            source_identity: source_identity.map(str::to_owned),
            lifetime: SignedDuration::from_secs(seconds),
            policies,
            tags,
        },
        Timestamp::now(),
    );
    let mut answer = json!({
        "Credentials": {
            "AccessKeyId": session.access_key,
            "SecretAccessKey": session.secret,
            "SessionToken": session.token,
            "Expiration": session.expires.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        },
        "AssumedRoleUser": {
            "AssumedRoleId": session.assumed_role_id,
            "Arn": session.arn(),
        },
        "PackedPolicySize": packed_size(input),
    });
    if let Some(identity) = &session.source_identity {
        answer["SourceIdentity"] = json!(identity);
    }
    Ok(answer)
}

fn missing(member: &str) -> AwsError {
    AwsError::bad_request(
        "ValidationError",
        format!(
            "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
        ),
    )
}

/// A source identity, once set, stays through chained roles.
fn sticky_source_identity<'a>(
    caller: &'a Caller,
    asked: Option<&'a str>,
    refused: &impl Fn() -> AwsError,
) -> Result<Option<&'a str>, AwsError> {
    let present = caller
        .as_session()
        .and_then(|session| session.source_identity.as_deref());
    match (present, asked) {
        (Some(present), Some(asked)) if present != asked => Err(refused()),
        (Some(present), _) => Ok(Some(present)),
        (None, asked) => Ok(asked),
    }
}

/// What a trust policy says to a caller.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// It names this very principal.
    Principal,
    /// It names the caller's account, which then decides through its own policies.
    Account,
    No,
}

fn trust(
    document: &str,
    caller: &Caller,
    action: &str,
    context: &HashMap<String, ContextValue>,
) -> Trust {
    let Ok(policy) = awsim_iam_policy::parse(document) else {
        return Trust::No;
    };
    let ask = |principal_arn: &str, principal_account: &str| {
        evaluate(
            &AuthzRequest {
                principal_arn,
                principal_account,
                action,
                // A trust policy has no Resource; an ARN here would only add the evaluator's
                // own cross-account rule, which `permits` applies.
                resource_arn: "*",
                context,
            },
            &EvalContext {
                resource_policy: Some(&policy),
                ..EvalContext::default()
            },
        )
    };
    let arns = [caller.arn.as_str(), caller.policy_arn()];
    let whole: Vec<Decision> = arns.iter().map(|arn| ask(arn, &caller.account)).collect();
    if whole.contains(&Decision::ExplicitDeny) || !whole.contains(&Decision::Allow) {
        return Trust::No;
    }
    // With an account that nobody has, only statements that name the principal itself match.
    if arns.iter().any(|arn| ask(arn, "") == Decision::Allow) {
        Trust::Principal
    } else {
        Trust::Account
    }
}

/// Whether the caller's own side agrees: needed across accounts, and where only the account is trusted.
fn permits(
    identity: &Identity,
    caller: &Caller,
    account: &str,
    action: &str,
    role_arn: &str,
    trust: Trust,
    context: &HashMap<String, ContextValue>,
) -> bool {
    if trust == Trust::No {
        return false;
    }
    if matches!(caller.kind, CallerKind::Root) {
        return true;
    }
    let policies = identity.policies(caller);
    let verdict = decide(&Question {
        caller,
        policies: policies.as_ref(),
        action,
        resource: role_arn,
        owner: &caller.account,
        resource_policy: None,
        context,
    });
    match verdict {
        Verdict::Allowed => true,
        Verdict::ExplicitlyDenied => false,
        Verdict::NotAllowed => trust == Trust::Principal && caller.account == account,
    }
}

/// Inline policy and managed policies together: an action needs one of them to allow it.
fn session_policies(
    identity: &Identity,
    account: &str,
    input: &Value,
) -> Result<Vec<PolicyDocument>, AwsError> {
    let malformed = |detail: String| AwsError::bad_request("MalformedPolicyDocument", detail);
    let mut policies = Vec::new();
    if let Some(text) = input.get("Policy").and_then(Value::as_str) {
        if text.len() > SESSION_POLICY_LIMIT {
            return Err(AwsError::bad_request(
                "PackedPolicyTooLarge",
                format!(
                    "Packed size of session policy consumes {}% of allotted space",
                    packed_size(input)
                ),
            ));
        }
        let value: Value = serde_json::from_str(text)
            .map_err(|_| malformed("This policy contains invalid Json".to_owned()))?;
        policies.push(
            awsim_iam_policy::document::parse_value(&value)
                .map_err(|error| malformed(error.to_string()))?,
        );
    }
    let arns = input
        .get("PolicyArns")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    for entry in arns {
        let arn = entry.get("arn").and_then(Value::as_str).unwrap_or_default();
        policies.push(identity.managed_policy(account, arn).ok_or_else(|| {
            malformed(format!(
                "The policy {arn} does not exist or is not attachable."
            ))
        })?);
    }
    if policies.len() > 11 {
        return Err(AwsError::bad_request(
            "ValidationError",
            "1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to 10",
        ));
    }
    Ok(policies)
}

fn session_tags(input: &Value) -> Result<Vec<(String, String)>, AwsError> {
    let tags = input
        .get("Tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|tag| {
            let member = |name: &str| tag.get(name).and_then(Value::as_str).map(str::to_owned);
            member("Key").zip(member("Value")).ok_or_else(|| {
                AwsError::bad_request("ValidationError", "A session tag needs a key and a value")
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    if tags.len() > 50 {
        return Err(AwsError::bad_request(
            "ValidationError",
            "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
        ));
    }
    Ok(tags)
}

/// Share of the space for session policies that is used, in per cent.
fn packed_size(input: &Value) -> usize {
    input
        .get("Policy")
        .and_then(Value::as_str)
        .map_or(0, |text| (text.len() * 100).div_ceil(SESSION_POLICY_LIMIT))
}
