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
    let resources = texts(input, "ResourceArns");
    let account = source.split(':').nth(4).unwrap_or(&ctx.account_id);
    let asked = Asked {
        source,
        account,
        context: conditions(input, source, account),
        policies,
        boundary,
        resource_policy,
    };
    let results: Vec<Value> = actions
        .iter()
        .map(|action| asked.result(action, &resources))
        .collect();
    Ok(json!({
        "EvaluationResults": {"member": results},
        "IsTruncated": false,
    }))
}

/// What is asked about, but for the action and the resource.
struct Asked<'a> {
    source: &'a str,
    account: &'a str,
    context: HashMap<String, ContextValue>,
    policies: Vec<PolicyDocument>,
    boundary: Option<PolicyDocument>,
    resource_policy: Option<PolicyDocument>,
}

impl Asked<'_> {
    /// One result for an action, whatever the number of resources: the most restrictive decision, with each resource's own
    /// beside it where resources are named.
    fn result(&self, action: &str, resources: &[&str]) -> Value {
        let named = resources.iter().any(|resource| *resource != "*");
        let each = if resources.is_empty() {
            &["*"]
        } else {
            resources
        };
        let decisions: Vec<Decision> = each
            .iter()
            .map(|resource| self.decide(action, resource))
            .collect();
        let worst = if decisions.contains(&Decision::ExplicitDeny) {
            Decision::ExplicitDeny
        } else if decisions.contains(&Decision::ImplicitDeny) {
            Decision::ImplicitDeny
        } else {
            Decision::Allow
        };
        let mut result = json!({
            "EvalActionName": action,
            "EvalResourceName": each[0],
            "EvalDecision": word(worst),
            "MatchedStatements": {"member": []},
            "MissingContextValues": {"member": []},
        });
        let within = |resource: &str| {
            self.boundary
                .as_ref()
                .map(|boundary| self.bounded(boundary, action, resource))
        };
        if self.boundary.is_some() {
            let all = each.iter().all(|resource| within(resource) == Some(true));
            result["PermissionsBoundaryDecisionDetail"] =
                json!({"AllowedByPermissionsBoundary": all});
        }
        if named {
            let specific: Vec<Value> = each
                .iter()
                .zip(&decisions)
                .map(|(resource, decision)| {
                    let mut one = json!({
                        "EvalResourceName": resource,
                        "EvalResourceDecision": word(*decision),
                        "MatchedStatements": {"member": []},
                        "MissingContextValues": {"member": []},
                    });
                    if let Some(allowed) = within(resource) {
                        one["PermissionsBoundaryDecisionDetail"] =
                            json!({"AllowedByPermissionsBoundary": allowed});
                    }
                    one
                })
                .collect();
            result["ResourceSpecificResults"] = json!({"member": specific});
        }
        result
    }

    fn decide(&self, action: &str, resource: &str) -> Decision {
        self.ask(
            action,
            resource,
            &EvalContext {
                identity_policies: &self.policies,
                permissions_boundary: self.boundary.as_ref(),
                resource_policy: self.resource_policy.as_ref(),
                ..EvalContext::default()
            },
        )
    }

    /// Whether the boundary lets it: what a boundary does not allow it denies.
    fn bounded(&self, boundary: &PolicyDocument, action: &str, resource: &str) -> bool {
        let alone = EvalContext {
            identity_policies: std::slice::from_ref(boundary),
            ..EvalContext::default()
        };
        self.ask(action, resource, &alone) == Decision::Allow
    }

    fn ask(&self, action: &str, resource: &str, policies: &EvalContext<'_>) -> Decision {
        evaluate(
            &AuthzRequest {
                principal_arn: self.source,
                principal_account: self.account,
                action,
                resource_arn: resource,
                context: &self.context,
            },
            policies,
        )
    }
}

fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "allowed",
        Decision::ExplicitDeny => "explicitDeny",
        Decision::ImplicitDeny => "implicitDeny",
    }
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
