use tidemark_domain::{Account, AccountId, PendingExternalId, Privilege};

use super::{add::new_external_id, all_scopes, get::find};
use crate::{
    Caller, ServiceError, Services, audit::AuditOutcome, authorize, authorize::record, sync::want,
};

/// Makes a new external id that waits for the account's role to take it: from now on the template names
/// both. Each reading of the account tries the new one first, and once it gets in, the old one is
/// forgotten. With `give_up` a new one that waits is forgotten instead.
pub async fn rotate(
    services: &Services,
    caller: &Caller,
    id: &AccountId,
    give_up: bool,
) -> Result<Account, ServiceError> {
    let action = if give_up {
        "account.rotate.give_up"
    } else {
        "account.rotate"
    };
    authorize(
        services,
        caller,
        Privilege::ManageAccounts,
        action,
        id.as_str(),
    )
    .await?;
    let account = find(services, id).await?;
    let pending = match (&account.pending, give_up) {
        (None, false) => Some(PendingExternalId {
            external_id: new_external_id()?,
            since: services.clock.now(),
        }),
        (Some(_), true) => None,
        (Some(pending), false) => {
            return Err(ServiceError::Conflict(format!(
                "a new external id of {} waits since {} for the role to take it: apply the account's template, or give \
                 the new one up first",
                account.alias, pending.since
            )));
        }
        (None, true) => {
            return Err(ServiceError::Conflict(format!(
                "no new external id of {} waits",
                account.alias
            )));
        }
    };
    services
        .accounts
        .set_pending(id, account.pending.as_ref(), pending.as_ref())
        .await?;
    record(
        services,
        caller,
        action,
        id.as_str(),
        AuditOutcome::Allowed,
        None,
        None,
    )
    .await?;
    want(services, &all_scopes(&account)).await?;
    Ok(Account { pending, ..account })
}
