use tidemark_domain::{AccountId, Privilege};

use super::get::find;
use crate::{Caller, ServiceError, Services, authorize, sync::want};

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
    want(services, &super::all_scopes(&account)).await
}
