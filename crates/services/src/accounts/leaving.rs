use tidemark_domain::{
    AccountId, Leaving, PointFilter, Privilege, plan::PlanFilter, runs::RunState,
};
use tidemark_runs::RunFilter;

use super::{get::find, template::DIAGNOSE_ROLE};
use crate::{Caller, ServiceError, Services, authorize};

/// What would stay behind if an account were removed from the console, and what would end.
pub async fn leaving(
    services: &Services,
    caller: &Caller,
    id: &AccountId,
) -> Result<Leaving, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManageAccounts,
        "account.leaving",
        id.as_str(),
    )
    .await?;
    let account = find(services, id).await?;
    let points = services
        .catalogue
        .points(&PointFilter {
            account: Some(id.clone()),
            limit: Some(1),
            ..PointFilter::default()
        })
        .await?;
    let plans = services
        .catalogue
        .plans(&PlanFilter {
            account: Some(id.clone()),
            limit: Some(1),
            ..PlanFilter::default()
        })
        .await?;
    let captures = services.captures.list().await?;
    let captures = captures
        .iter()
        .filter(|stored| stored.capture.account == *id)
        .count();
    let unfinished = services
        .runs
        .store()
        .counts(&RunFilter {
            states: RunState::ALL
                .into_iter()
                .filter(|state| !state.is_terminal())
                .collect(),
            accounts: vec![id.to_string()],
            ..RunFilter::default()
        })
        .await
        .map_err(crate::runs::store_error)?;
    Ok(Leaving {
        account: id.clone(),
        roles: vec![
            account.connection.role.name().to_owned(),
            DIAGNOSE_ROLE.to_owned(),
        ],
        points: points.total.unwrap_or_else(|| count(points.items.len())),
        plans: plans.total.unwrap_or_else(|| count(plans.items.len())),
        captures: count(captures),
        unfinished_runs: unfinished.by_state.values().sum(),
    })
}

fn count(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}
