use std::collections::BTreeSet;

use tidemark_domain::{
    Partition, Privilege, Scope,
    plan::{PlanContext, PlanKnowledge},
};

use super::{
    find::registered,
    get::{alias, state},
    knowledge::{Vaults, knowledge_of},
};
use crate::{Caller, ServiceError, Services, authorize, restore::default_service_role};

/// What the editor of a plan in this account and Region needs: vaults, roles, what the checks know.
/// `plan` is the id of the plan that is edited, when there is one.
pub async fn context(
    services: &Services,
    caller: &Caller,
    scope: &Scope,
    plan: Option<&str>,
) -> Result<PlanContext, ServiceError> {
    let subject = format!("{} {}", scope.account, scope.region);
    authorize(
        services,
        caller,
        Privilege::ManagePlans,
        "plan.context",
        &subject,
    )
    .await?;
    registered(services, scope).await?;
    let mut vaults = Vaults::default();
    vaults.read(services, scope).await?;
    // Copies may go to any vault that the console knows.
    for other in services.catalogue.scopes(None).await? {
        vaults.read(services, &other.scope).await?;
    }
    let plans = services.catalogue.plans_of(scope).await?;
    let settings = services.catalogue.region_settings(scope).await?;
    let knowledge = PlanKnowledge {
        exists: plan.is_some(),
        opt_in: settings.unwrap_or_default().opt_in,
        other_plans: Some(
            plans
                .iter()
                .filter(|other| Some(other.id.as_str()) != plan)
                .map(|other| other.plan.backup_plan_name.clone())
                .collect(),
        ),
        ..knowledge_of(scope, &vaults, services.clock.now())
    };
    Ok(PlanContext {
        knowledge,
        roles: roles(services, scope).await?,
        scope: state(services, scope).await?,
        alias: alias(services, scope).await?,
    })
}

/// AWS Backup's default role first, then those that selections of the account name.
async fn roles(services: &Services, scope: &Scope) -> Result<Vec<String>, ServiceError> {
    let default = default_service_role(partition(scope), &scope.account);
    let mut others = BTreeSet::new();
    for state in services.catalogue.scopes(Some(&scope.account)).await? {
        for plan in services.catalogue.plans_of(&state.scope).await? {
            others.extend(
                plan.selections
                    .into_iter()
                    .map(|one| one.selection.iam_role_arn),
            );
        }
    }
    others.remove(&default);
    Ok(std::iter::once(default).chain(others).collect())
}

/// The partition in which a scope's Region lies.
pub(super) fn partition(scope: &Scope) -> &'static str {
    Partition::of(&scope.region).id()
}
