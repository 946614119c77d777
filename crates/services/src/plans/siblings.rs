use std::collections::HashMap;

use tidemark_domain::{
    Privilege,
    plan::{PlanKey, PlanRecord, PlanSibling, diff_plans},
};

use super::find::find;
use crate::{Caller, ServiceError, Services};

/// The plans of the same name in other accounts and Regions, and in what they differ: what a rollout
/// made, and what drifted since.
pub async fn siblings(
    services: &Services,
    caller: &Caller,
    key: &PlanKey,
) -> Result<Vec<PlanSibling>, ServiceError> {
    let record = find(services, caller, key, Privilege::ReadPlans, "plan.siblings").await?;
    siblings_of(services, &record).await
}

pub(super) async fn siblings_of(
    services: &Services,
    record: &PlanRecord,
) -> Result<Vec<PlanSibling>, ServiceError> {
    let aliases: HashMap<_, _> = services
        .accounts
        .list()
        .await?
        .into_iter()
        .map(|account| (account.connection.account, account.alias))
        .collect();
    let same = services
        .catalogue
        .plans_named(&record.plan.backup_plan_name)
        .await?;
    // Each account has tags of its own: they are no drift.
    let mut own = record.plan.clone();
    own.take_tags();
    Ok(same
        .into_iter()
        .filter(|other| other.key() != record.key())
        .map(|other| PlanSibling {
            alias: aliases
                .get(&other.account)
                .cloned()
                .unwrap_or_else(|| other.account.to_string()),
            differences: diff_plans(&own, &other.plan),
            account: other.account,
            region: other.region,
            id: other.id,
        })
        .collect())
}
