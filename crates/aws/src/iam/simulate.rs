use std::collections::BTreeMap;

use aws_sdk_iam::types::PolicyEvaluationDecisionType;
use tidemark_services::ports::CloudError;

use crate::access::{Access, pages};

/// `SimulatePrincipalPolicy` for the role: each action with whether its policies allow it. Session
/// policies, organisation policies and conditions on the request are not part of the answer.
pub(crate) async fn simulate(
    access: &Access,
    actions: &[String],
    resource: &str,
) -> Result<BTreeMap<String, bool>, CloudError> {
    let results = pages(async |token| {
        let page = access
            .read("iam:SimulatePrincipalPolicy", || {
                access
                    .clients
                    .iam()
                    .simulate_principal_policy()
                    .policy_source_arn(access.role.key.role.as_str())
                    .set_action_names(Some(actions.to_vec()))
                    .resource_arns(resource)
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
    Ok(results
        .into_iter()
        .map(|r| {
            let allowed = *r.eval_decision() == PolicyEvaluationDecisionType::Allowed;
            (r.eval_action_name, allowed)
        })
        .collect())
}
