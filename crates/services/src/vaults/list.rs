use tidemark_domain::{Invalid, Page, Privilege, VaultFilter, VaultRow};

use crate::{Caller, ServiceError, Services, authorize};

/// A page of vaults, by name.
pub async fn list(
    services: &Services,
    caller: &Caller,
    filter: &VaultFilter,
) -> Result<Page<VaultRow>, ServiceError> {
    authorize(services, caller, Privilege::ReadVaults, "vault.list", "").await?;
    if filter.limit.is_some_and(|n| !(1..=200).contains(&n)) {
        return Err(Invalid::new("limit", "must lie between 1 and 200").into());
    }
    if filter
        .text
        .as_ref()
        .is_some_and(|text| text.chars().count() > 200)
    {
        return Err(Invalid::new("search text", "must have at most 200 characters").into());
    }
    Ok(services.catalogue.vault_rows(filter).await?)
}
