use tidemark_domain::{AccountId, Privilege};

use crate::{Caller, ServiceError, Services, audit::AuditOutcome, authorize, authorize::record};

/// Forgets an account and what is known of it. Nothing in AWS changes.
pub async fn remove(
    services: &Services,
    caller: &Caller,
    id: &AccountId,
) -> Result<(), ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManageAccounts,
        "account.remove",
        id.as_str(),
    )
    .await?;
    services.accounts.remove(id).await?;
    services.catalogue.forget(id).await?;
    services.permissions.forget(id).await?;
    record(
        services,
        caller,
        "account.remove",
        id.as_str(),
        AuditOutcome::Allowed,
        None,
        None,
    )
    .await
}
