use tidemark_domain::{AccountId, AccountSummary, Privilege};

use super::{owned::owned, summary};
use crate::{Caller, ServiceError, Services, authorize};

/// One registered account with the state of its Regions; for an owner, one that holds something of
/// theirs.
pub async fn get(
    services: &Services,
    caller: &Caller,
    id: &AccountId,
) -> Result<AccountSummary, ServiceError> {
    let grant = authorize(
        services,
        caller,
        Privilege::ReadCatalogue,
        "account.get",
        id.as_str(),
    )
    .await?;
    let (account, now) = (find(services, id).await?, services.clock.now());
    let scopes = services.catalogue.scopes(Some(id)).await?;
    if let Some(owner) = grant.owner() {
        let counts = owned(services, owner, id)
            .await?
            .ok_or_else(|| ServiceError::NotFound(format!("account {id}")))?;
        return Ok(summary(&account, &scopes, counts, now));
    }
    let counts = services
        .catalogue
        .overview()
        .await?
        .into_iter()
        .find(|o| o.account == *id)
        .map_or((0, 0), |o| {
            (o.protected + o.unprotected + o.failing, o.protected)
        });
    Ok(summary(&account, &scopes, counts, now))
}

/// The registered account of that id.
pub(crate) async fn find(
    services: &Services,
    id: &AccountId,
) -> Result<tidemark_domain::Account, ServiceError> {
    services
        .accounts
        .get(id)
        .await?
        .ok_or_else(|| ServiceError::NotFound(format!("account {id}")))
}
