use std::collections::BTreeMap;

use aws_sdk_iam::types::{
    ContextEntry, ContextKeyTypeEnum, EvaluationResult, PolicyEvaluationDecisionType,
};
use tidemark_domain::RoleArn;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, RoleSays, Simulation},
};

use crate::access::{Access, pages};

/// `SimulatePrincipalPolicy` for the role: each action with whether its policies allow it on every one
/// of the resources. Session policies and organisation policies are not part of the answer.
pub(crate) async fn simulate(
    access: &Access,
    simulation: &Simulation,
) -> Result<BTreeMap<String, bool>, CloudError> {
    let answers = simulate_role(access, &access.role.key.role, simulation).await?;
    Ok(answers
        .into_iter()
        .map(|(action, says)| (action, says == RoleSays::Allowed))
        .collect())
}

/// The same for any role of the account, with denials told from what nobody allows.
pub(crate) async fn simulate_role(
    access: &Access,
    role: &RoleArn,
    simulation: &Simulation,
) -> Result<BTreeMap<String, RoleSays>, CloudError> {
    let context: Vec<ContextEntry> = simulation.context.iter().map(entry).collect();
    let results = pages(async |token| {
        let page = access
            .read(Call::SimulatePrincipalPolicy, || {
                access
                    .clients
                    .iam()
                    .simulate_principal_policy()
                    .policy_source_arn(role.as_str())
                    .set_action_names(Some(simulation.actions.clone()))
                    .set_resource_arns(Some(simulation.resources.clone()))
                    .set_context_entries(Some(context.clone()).filter(|c| !c.is_empty()))
                    .set_marker(token.clone())
                    .send()
            })
            .await?;
        let next = page
            .marker()
            .filter(|_| page.is_truncated())
            .map(str::to_owned);
        Ok((page.evaluation_results.unwrap_or_default(), next))
    })
    .await?;
    let mut answers = BTreeMap::new();
    for result in results {
        let says = says(&result);
        // Some endpoints answer once for each resource.
        answers
            .entry(result.eval_action_name)
            .and_modify(|before: &mut RoleSays| *before = worse(*before, says))
            .or_insert(says);
    }
    Ok(answers)
}

fn worse(one: RoleSays, other: RoleSays) -> RoleSays {
    use RoleSays::{Allowed, Denied, NotAllowed};
    match (one, other) {
        (Denied, _) | (_, Denied) => Denied,
        (NotAllowed, _) | (_, NotAllowed) => NotAllowed,
        (Allowed, Allowed) => Allowed,
    }
}

fn says(result: &EvaluationResult) -> RoleSays {
    let of = |decision: &PolicyEvaluationDecisionType| match decision {
        PolicyEvaluationDecisionType::Allowed => RoleSays::Allowed,
        PolicyEvaluationDecisionType::ExplicitDeny => RoleSays::Denied,
        _ => RoleSays::NotAllowed,
    };
    result
        .resource_specific_results()
        .iter()
        .map(|one| of(one.eval_resource_decision()))
        .fold(of(result.eval_decision()), worse)
}

fn entry((key, value): (&String, &String)) -> ContextEntry {
    let kind = match value.as_str() {
        "true" | "false" => ContextKeyTypeEnum::Boolean,
        _ => ContextKeyTypeEnum::String,
    };
    ContextEntry::builder()
        .context_key_name(key)
        .context_key_values(value)
        .context_key_type(kind)
        .build()
}
