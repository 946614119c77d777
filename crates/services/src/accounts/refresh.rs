use tidemark_domain::{AccountId, Privilege, Scope};

use super::get::find;
use crate::{Caller, ServiceError, Services, authorize};

/// Asks for a re-sync of every Region of an account.
pub async fn refresh(
    services: &Services,
    caller: &Caller,
    id: &AccountId,
) -> Result<(), ServiceError> {
    authorize(
        services,
        caller,
        Privilege::Refresh,
        "account.refresh",
        id.as_str(),
    )
    .await?;
    let account = find(services, id).await?;
    for region in account.regions {
        services.sync.request(Scope {
            account: id.clone(),
            region,
        });
    }
    Ok(())
}
