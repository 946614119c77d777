use std::collections::HashMap;

use awsim_core::{AwsError, RequestContext};
use awsim_iam_policy::{
    AuthzRequest, ContextValue, Decision, EvalContext, PolicyDocument, evaluate,
};
use serde_json::{Value, json};

use crate::identity::{Identity, Policies};

/// `SimulatePrincipalPolicy`: what the policies of a user or role say to actions on resources.
pub(super) fn simulate(
    identity: &Identity,
    input: &Value,
    ctx: &RequestContext,
) -> Result<Value, AwsError> {
    let source = input["PolicySourceArn"].as_str().ok_or_else(|| {
        AwsError::bad_request("ValidationError", "PolicySourceArn must not be null")
    })?;
    let Policies {
        identity: mut policies,
        boundary,
    } = identity.policies_of_arn(source).ok_or_else(|| {
        AwsError::not_found(
            "NoSuchEntity",
            format!("The entity with ARN {source} cannot be found."),
        )
    })?;
    for text in texts(input, "PolicyInputList") {
        policies.push(parse(text)?);
    }
    let boundary = match texts(input, "PermissionsBoundaryPolicyInputList").first() {
        Some(text) => Some(parse(text)?),
        None => boundary,
    };
    let resource_policy = input["ResourcePolicy"].as_str().map(parse).transpose()?;
    let actions = texts(input, "ActionNames");
    if actions.is_empty() {
        return Err(AwsError::bad_request(
            "ValidationError",
            "ActionNames must have at least one member",
        ));
    }
    let mut resources = texts(input, "ResourceArns");
    if resources.is_empty() {
        resources.push("*");
    }
    let account = source.split(':').nth(4).unwrap_or(&ctx.account_id);
    let context = conditions(input, source, account);
    let evaluation = EvalContext {
        identity_policies: &policies,
        permissions_boundary: boundary.as_ref(),
        resource_policy: resource_policy.as_ref(),
        ..EvalContext::default()
    };
    let mut results = Vec::new();
    for action in actions {
        for resource in &resources {
            let decision = evaluate(
                &AuthzRequest {
                    principal_arn: source,
                    principal_account: account,
                    action,
                    resource_arn: resource,
                    context: &context,
                },
                &evaluation,
            );
            results.push(json!({
                "EvalActionName": action,
                "EvalResourceName": resource,
                "EvalDecision": match decision {
                    Decision::Allow => "allowed",
                    Decision::ExplicitDeny => "explicitDeny",
                    Decision::ImplicitDeny => "implicitDeny",
                },
                "MatchedStatements": {"member": []},
                "MissingContextValues": {"member": []},
            }));
        }
    }
    Ok(json!({
        "EvaluationResults": {"member": results},
        "IsTruncated": false,
    }))
}

fn parse(text: &str) -> Result<PolicyDocument, AwsError> {
    awsim_iam_policy::parse(text)
        .map_err(|error| AwsError::bad_request("InvalidInput", error.to_string()))
}

fn texts<'a>(input: &'a Value, member: &str) -> Vec<&'a str> {
    input[member]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// The principal's own keys and those that the request gives.
fn conditions(input: &Value, source: &str, account: &str) -> HashMap<String, ContextValue> {
    let text = |value: &str| ContextValue::String(value.to_owned());
    let mut context = HashMap::from([
        ("aws:PrincipalArn".to_owned(), text(source)),
        ("aws:PrincipalAccount".to_owned(), text(account)),
        ("aws:SecureTransport".to_owned(), ContextValue::Bool(true)),
    ]);
    for entry in input["ContextEntries"].as_array().into_iter().flatten() {
        let Some(name) = entry["ContextKeyName"].as_str() else {
            continue;
        };
        let values = texts(entry, "ContextKeyValues");
        let value = match (entry["ContextKeyType"].as_str(), values.as_slice()) {
            (Some("boolean"), [one]) => ContextValue::Bool(one.eq_ignore_ascii_case("true")),
            (Some("numeric"), [one]) => {
                one.parse().map_or_else(|_| text(one), ContextValue::Number)
            }
            (_, [one]) => text(one),
            (_, many) => {
                ContextValue::StringList(many.iter().map(|value| (*value).to_owned()).collect())
            }
        };
        context.insert(name.to_owned(), value);
    }
    context
}
