use tidemark_domain::{
    AccountId, Region, SessionName,
    runs::{RunId, StepError},
};

use crate::ports::{AccountStore, SessionIdentity, Target};

/// The credentials of one run: its account's role, named after the run, with the console user as
/// source identity and only the run's own session policy.
pub(crate) async fn run_target(
    accounts: &dyn AccountStore,
    account: &AccountId,
    region: &Region,
    run: RunId,
    creator: &str,
    policy: String,
) -> Result<Target, StepError> {
    let registered = accounts
        .get(account)
        .await
        .map_err(|error| StepError::retryable(format!("the accounts could not be read: {error}")))?
        .ok_or_else(|| {
            StepError::permanent(format!("account {account} is no longer registered"))
                .with_guidance("Register the account again and start a new run.")
        })?;
    Ok(Target {
        connection: registered.connection,
        region: region.clone(),
        session: SessionIdentity {
            session_name: SessionName::from_text(&format!("tidemark-run-{run}")),
            source_identity: Some(SessionName::from_text(creator)),
            policy: Some(policy),
        },
    })
}
