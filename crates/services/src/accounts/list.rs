use std::collections::BTreeMap;

use tidemark_domain::{AccountSummary, Privilege};

use super::{owned::owned, summary};
use crate::{Caller, ServiceError, Services, authorize};

/// Every registered account with the state of its Regions, by alias; for an owner those that hold
/// something of theirs, with the figures of that.
pub async fn list(
    services: &Services,
    caller: &Caller,
) -> Result<Vec<AccountSummary>, ServiceError> {
    let grant = authorize(
        services,
        caller,
        Privilege::ReadCatalogue,
        "account.list",
        "",
    )
    .await?;
    if let Some(owner) = grant.owner() {
        return of_owner(services, owner).await;
    }
    let counts: BTreeMap<_, _> = services
        .catalogue
        .overview()
        .await?
        .into_iter()
        .map(|o| (o.account.clone(), o))
        .collect();
    let scopes = services.catalogue.scopes(None).await?;
    let now = services.clock.now();
    Ok(services
        .accounts
        .list()
        .await?
        .iter()
        .map(|account| {
            let counts = counts.get(&account.connection.account).map_or((0, 0), |o| {
                (o.protected + o.unprotected + o.failing, o.protected)
            });
            summary(account, &scopes, counts, now)
        })
        .collect())
}

async fn of_owner(services: &Services, owner: &str) -> Result<Vec<AccountSummary>, ServiceError> {
    let mut theirs = Vec::new();
    for account in services.accounts.list().await? {
        let id = &account.connection.account;
        if let Some(counts) = owned(services, owner, id).await? {
            let scopes = services.catalogue.scopes(Some(id)).await?;
            theirs.push(summary(&account, &scopes, counts, services.clock.now()));
        }
    }
    Ok(theirs)
}
