use tidemark_domain::{AccountCheck, AccountId, Check, Invalid, Privilege};

use super::{get::find, reading};
use crate::{Caller, ServiceError, Services, audit::AuditOutcome, authorize, authorize::record};

/// Tries every link of the way into an account and names the one that is broken.
pub async fn check(
    services: &Services,
    caller: &Caller,
    id: &AccountId,
) -> Result<AccountCheck, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManageAccounts,
        "account.check",
        id.as_str(),
    )
    .await?;
    let account = find(services, id).await?;
    let region = account
        .regions
        .first()
        .ok_or_else(|| Invalid::new("Regions", "must name at least one Region"))?;
    let probe = services.cloud.probe(&reading(&account, region)).await;
    let links: Vec<Check> = probe
        .links
        .into_iter()
        .map(|link| match (link.broken, link.warning) {
            (Some(error), _) => Check::fail(link.name, error.message, error.fix),
            (None, Some(warning)) => Check::warn(link.name, link.detail, warning),
            (None, None) => Check::pass(link.name, link.detail),
        })
        .collect();
    let check = AccountCheck {
        account: id.clone(),
        links,
        checked_at: services.clock.now(),
    };
    let detail = check.broken().map(|link| link.detail.clone());
    let outcome = if detail.is_none() {
        AuditOutcome::Allowed
    } else {
        AuditOutcome::Failed
    };
    record(
        services,
        caller,
        "account.check",
        id.as_str(),
        outcome,
        None,
        detail,
    )
    .await?;
    Ok(check)
}
