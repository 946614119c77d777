use tidemark_domain::{
    Account, Privilege, Scope,
    plan::{PlanKey, PlanRecord},
};

use crate::{Caller, ServiceError, Services, authorize};

/// The plan, if the caller may use the privilege on plans.
pub(super) async fn find(
    services: &Services,
    caller: &Caller,
    key: &PlanKey,
    privilege: Privilege,
    action: &str,
) -> Result<PlanRecord, ServiceError> {
    authorize(services, caller, privilege, action, &subject(key)).await?;
    known(services, key).await
}

/// The plan as the catalogue knows it.
pub(super) async fn known(services: &Services, key: &PlanKey) -> Result<PlanRecord, ServiceError> {
    services
        .catalogue
        .plan(key)
        .await?
        .ok_or_else(|| ServiceError::NotFound(format!("backup plan {}", key.id)))
}

/// The registered account of a scope whose Region is synced.
pub(super) async fn registered(
    services: &Services,
    scope: &Scope,
) -> Result<Account, ServiceError> {
    let account = services
        .accounts
        .get(&scope.account)
        .await?
        .ok_or_else(|| ServiceError::NotFound(format!("account {}", scope.account)))?;
    if account.regions.contains(&scope.region) {
        Ok(account)
    } else {
        Err(ServiceError::NotFound(format!(
            "Region {} of account {}",
            scope.region, scope.account
        )))
    }
}

/// How the audit log names a plan.
pub(super) fn subject(key: &PlanKey) -> String {
    format!("plan {}/{}/{}", key.account, key.region, key.id)
}
