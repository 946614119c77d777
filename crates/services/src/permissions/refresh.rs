use tidemark_domain::{AccountId, Privilege};

use crate::{Caller, ServiceError, Services, accounts, authorize};

/// Asks for new reports of every Region of an account, by whichever worker takes them.
pub async fn refresh(
    services: &Services,
    caller: &Caller,
    id: &AccountId,
) -> Result<(), ServiceError> {
    authorize(
        services,
        caller,
        Privilege::Refresh,
        "permissions.refresh",
        id.as_str(),
    )
    .await?;
    let account = accounts::find(services, id).await?;
    services
        .permissions
        .want(&accounts::all_scopes(&account), services.clock.now())
        .await?;
    Ok(())
}
