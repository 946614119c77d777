use tidemark_domain::{
    Privilege,
    plan::{Difference, PlanKey, PlanVersion, diff_plans},
};

use super::find::subject;
use crate::{Caller, ServiceError, Services, authorize};

/// The versions of a plan that were ever read, newest first; also of a plan that is gone.
pub async fn versions(
    services: &Services,
    caller: &Caller,
    key: &PlanKey,
) -> Result<Vec<PlanVersion>, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ReadPlans,
        "plan.versions",
        &subject(key),
    )
    .await?;
    let versions = services.catalogue.plan_versions(key).await?;
    if versions.is_empty() && services.catalogue.plan(key).await?.is_none() {
        return Err(ServiceError::NotFound(format!("backup plan {}", key.id)));
    }
    Ok(versions)
}

/// In what two versions of a plan differ.
pub async fn diff_versions(
    services: &Services,
    caller: &Caller,
    key: &PlanKey,
    before: &str,
    after: &str,
) -> Result<Vec<Difference>, ServiceError> {
    let versions = versions(services, caller, key).await?;
    let find = |id: &str| {
        versions
            .iter()
            .find(|version| version.version_id == id)
            .ok_or_else(|| ServiceError::NotFound(format!("version {id} of plan {}", key.id)))
    };
    Ok(diff_plans(&find(before)?.plan, &find(after)?.plan))
}
