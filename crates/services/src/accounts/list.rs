use std::collections::BTreeMap;

use tidemark_domain::{AccountSummary, Privilege};

use super::summary;
use crate::{Caller, ServiceError, Services, authorize};

/// Every registered account with the state of its Regions, by alias.
pub async fn list(
    services: &Services,
    caller: &Caller,
) -> Result<Vec<AccountSummary>, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ReadCatalogue,
        "account.list",
        "",
    )
    .await?;
    let counts: BTreeMap<_, _> = services
        .catalogue
        .overview()
        .await?
        .into_iter()
        .map(|o| (o.account.clone(), o))
        .collect();
    let scopes = services.catalogue.scopes(None).await?;
    Ok(services
        .accounts
        .list()
        .await?
        .iter()
        .map(|account| {
            let (resources, protected) =
                counts.get(&account.connection.account).map_or((0, 0), |o| {
                    (o.protected + o.unprotected + o.failing, o.protected)
                });
            summary(account, &scopes, resources, protected)
        })
        .collect())
}
