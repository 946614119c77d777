use tidemark_domain::{Account, Region, Role};

use super::reading;
use crate::{
    Caller, ServiceError, Services,
    audit::AuditOutcome,
    authorize::record,
    ports::{CloudErrorKind, Target},
};

/// Lets a new external id take the place of the old one as soon as the role takes it. Answers the account
/// as it is to be entered.
///
/// Whoever enters meanwhile with the old one gets in as well, since the template names both: there is no
/// moment at which neither works.
pub(crate) async fn settle(
    services: &Services,
    account: &Account,
    region: &Region,
) -> Result<Account, ServiceError> {
    let Some(connection) = account.with_pending() else {
        return Ok(account.clone());
    };
    let target = Target {
        connection: connection.clone(),
        ..reading(account, region)
    };
    match services.cloud.assume(&target).await {
        Ok(()) => {}
        Err(error) => {
            // That the role does not take it yet is what is waited for.
            if error.kind != CloudErrorKind::Denied {
                tracing::debug!(account = %connection.account, %error, "a new external id could not be tried");
            }
            return Ok(account.clone());
        }
    }
    if services.accounts.promote(&connection).await? {
        let console = Caller {
            user_id: None,
            name: "tidemark".to_owned(),
            role: Role::Admin,
            origin: "worker".to_owned(),
        };
        record(
            services,
            &console,
            "account.rotate.done",
            connection.account.as_str(),
            AuditOutcome::Allowed,
            None,
            Some("the role takes the new external id; the old one is forgotten".to_owned()),
        )
        .await?;
    }
    Ok(Account {
        connection,
        pending: None,
        ..account.clone()
    })
}
