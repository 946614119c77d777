use std::collections::BTreeMap;

use aws_sdk_iam::types::{
    ContextEntry, ContextKeyTypeEnum, EvaluationResult, PolicyEvaluationDecisionType,
};
use tidemark_domain::{RoleArn, permissions::DeniedBy};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, Evaluated, RoleSays, Simulation},
};

use crate::access::{Access, pages};

/// `SimulatePrincipalPolicy` for the role: each action with whether its policies allow it on every one
/// of the resources, and what denies it else. Service control policies of the organization are part of the answer; session
/// policies are not.
pub(crate) async fn simulate(
    access: &Access,
    simulation: &Simulation,
) -> Result<BTreeMap<String, Evaluated>, CloudError> {
    evaluate(access, &access.role.key.role, simulation).await
}

/// The same for any role of the account, with denials told from what nobody allows.
pub(crate) async fn simulate_role(
    access: &Access,
    role: &RoleArn,
    simulation: &Simulation,
) -> Result<BTreeMap<String, RoleSays>, CloudError> {
    let answers = evaluate(access, role, simulation).await?;
    let says = |evaluated| match evaluated {
        Evaluated::Allowed => RoleSays::Allowed,
        Evaluated::Denied(DeniedBy::NoPolicy) => RoleSays::NotAllowed,
        Evaluated::Denied(_) => RoleSays::Denied,
    };
    Ok(answers
        .into_iter()
        .map(|(action, evaluated)| (action, says(evaluated)))
        .collect())
}

async fn evaluate(
    access: &Access,
    role: &RoleArn,
    simulation: &Simulation,
) -> Result<BTreeMap<String, Evaluated>, CloudError> {
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
        let said = evaluated(&result);
        // Some endpoints answer once for each resource: denied on one is denied.
        let before = answers.entry(result.eval_action_name).or_insert(said);
        if *before == Evaluated::Allowed {
            *before = said;
        }
    }
    Ok(answers)
}

/// What denies an action: of several, what the account can change least.
fn evaluated(result: &EvaluationResult) -> Evaluated {
    if is_allowed(result) {
        return Evaluated::Allowed;
    }
    let by_organization = result
        .organizations_decision_detail()
        .is_some_and(|detail| !detail.allowed_by_organizations());
    let of_resources = || result.resource_specific_results().iter();
    let by_boundary = result
        .permissions_boundary_decision_detail()
        .into_iter()
        .chain(of_resources().filter_map(|one| one.permissions_boundary_decision_detail()))
        .any(|detail| !detail.allowed_by_permissions_boundary());
    let explicit = PolicyEvaluationDecisionType::ExplicitDeny;
    let by_statement = *result.eval_decision() == explicit
        || of_resources().any(|one| *one.eval_resource_decision() == explicit);
    Evaluated::Denied(if by_organization {
        DeniedBy::Organization
    } else if by_boundary {
        DeniedBy::Boundary
    } else if by_statement {
        DeniedBy::Statement
    } else {
        DeniedBy::NoPolicy
    })
}

fn is_allowed(result: &EvaluationResult) -> bool {
    let allowed = PolicyEvaluationDecisionType::Allowed;
    *result.eval_decision() == allowed
        && result
            .resource_specific_results()
            .iter()
            .all(|one| *one.eval_resource_decision() == allowed)
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use aws_sdk_iam::types::{
        OrganizationsDecisionDetail, PermissionsBoundaryDecisionDetail, ResourceSpecificResult,
    };

    use super::*;

    fn result(
        decision: PolicyEvaluationDecisionType,
        organization: Option<bool>,
        boundary: Option<bool>,
    ) -> EvaluationResult {
        EvaluationResult::builder()
            .eval_action_name("backup:StartBackupJob")
            .eval_decision(decision)
            .set_organizations_decision_detail(organization.map(|allowed| {
                OrganizationsDecisionDetail::builder()
                    .allowed_by_organizations(allowed)
                    .build()
            }))
            .set_permissions_boundary_decision_detail(boundary.map(|allowed| {
                PermissionsBoundaryDecisionDetail::builder()
                    .allowed_by_permissions_boundary(allowed)
                    .build()
            }))
            .build()
            .unwrap()
    }

    #[test]
    fn what_denies_an_action_is_told_apart() {
        use PolicyEvaluationDecisionType::{Allowed, ExplicitDeny, ImplicitDeny};
        for (decision, organization, boundary, said) in [
            (Allowed, Some(true), Some(true), Evaluated::Allowed),
            (
                ImplicitDeny,
                None,
                None,
                Evaluated::Denied(DeniedBy::NoPolicy),
            ),
            (
                ImplicitDeny,
                Some(true),
                Some(true),
                Evaluated::Denied(DeniedBy::NoPolicy),
            ),
            (
                ImplicitDeny,
                Some(true),
                Some(false),
                Evaluated::Denied(DeniedBy::Boundary),
            ),
            (
                ExplicitDeny,
                None,
                Some(false),
                Evaluated::Denied(DeniedBy::Boundary),
            ),
            (
                ExplicitDeny,
                Some(true),
                Some(true),
                Evaluated::Denied(DeniedBy::Statement),
            ),
            (
                ImplicitDeny,
                Some(false),
                Some(false),
                Evaluated::Denied(DeniedBy::Organization),
            ),
            (
                ExplicitDeny,
                Some(false),
                None,
                Evaluated::Denied(DeniedBy::Organization),
            ),
        ] {
            let result = result(decision.clone(), organization, boundary);
            assert_eq!(
                evaluated(&result),
                said,
                "{decision} {organization:?} {boundary:?}"
            );
        }
    }

    #[test]
    fn what_denies_one_of_the_resources_counts() {
        let one = ResourceSpecificResult::builder()
            .eval_resource_name("arn:aws:s3:::b")
            .eval_resource_decision(PolicyEvaluationDecisionType::ImplicitDeny)
            .permissions_boundary_decision_detail(
                PermissionsBoundaryDecisionDetail::builder()
                    .allowed_by_permissions_boundary(false)
                    .build(),
            )
            .build()
            .unwrap();
        let mut result = result(PolicyEvaluationDecisionType::Allowed, None, None);
        result.resource_specific_results = Some(vec![one]);
        assert_eq!(evaluated(&result), Evaluated::Denied(DeniedBy::Boundary));
    }
}
