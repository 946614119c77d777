use tidemark_domain::{Account, AccountId, Privilege, Scope, permissions::AccountPermissions};

use super::detail::detail;
use crate::{Caller, ServiceError, Services, accounts, authorize};

/// Changes that a page shows.
const CHANGES: u16 = 50;

/// What an account's role may do in each Region, what mends what it may not, and what came and went.
pub async fn show(
    services: &Services,
    caller: &Caller,
    id: &AccountId,
) -> Result<AccountPermissions, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ReadPermissions,
        "permissions.show",
        id.as_str(),
    )
    .await?;
    let account = accounts::find(services, id).await?;
    of(services, &account).await
}

pub(super) async fn of(
    services: &Services,
    account: &Account,
) -> Result<AccountPermissions, ServiceError> {
    let id = &account.connection.account;
    let mut regions = Vec::new();
    for region in &account.regions {
        let scope = Scope {
            account: id.clone(),
            region: region.clone(),
        };
        if let Some(report) = services.permissions.report(&scope).await? {
            regions.push(detail(report));
        }
    }
    Ok(AccountPermissions {
        account: id.clone(),
        alias: account.alias.clone(),
        features: account.features.clone(),
        regions,
        changes: services.permissions.changes(id, CHANGES).await?,
    })
}
