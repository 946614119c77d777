use std::time::Duration;

use tidemark_domain::{
    Account, AccountId, Privilege, Region,
    permissions::{AccountPermissions, PermissionReport},
};
use tokio::time::timeout;

use super::{
    make::{make, nothing},
    show::of,
};
use crate::{Caller, ServiceError, Services, accounts, authorize, sync::too_slow};

/// Longest time for one Region: an account that hangs must not hold a worker, nor a person who waits.
pub(super) const DEADLINE: Duration = Duration::from_mins(1);

/// Asks now what an account's role may do in each Region, keeps it, and answers it.
pub async fn check(
    services: &Services,
    caller: &Caller,
    id: &AccountId,
) -> Result<AccountPermissions, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManageAccounts,
        "permissions.check",
        id.as_str(),
    )
    .await?;
    let account = accounts::find(services, id).await?;
    let made = futures::future::join_all(
        account
            .regions
            .iter()
            .map(|region| report(services, &account, region, DEADLINE)),
    )
    .await;
    made.into_iter().collect::<Result<(), _>>()?;
    of(services, &account).await
}

/// Makes a report and keeps it; within the deadline, since nobody else shall wait for a slow account.
pub(super) async fn report(
    services: &Services,
    account: &Account,
    region: &Region,
    deadline: Duration,
) -> Result<(), ServiceError> {
    let began = services.clock.now();
    let report = match timeout(deadline, make(services, account, region)).await {
        Ok(report) => report?,
        Err(_) => PermissionReport {
            broken: Some(too_slow("asking IAM", deadline.as_secs())),
            ..nothing(account, region, began)
        },
    };
    services.permissions.keep(report).await?;
    Ok(())
}
