use tidemark_domain::UserSummary;

use super::other::{apply, other};
use crate::{Caller, ServiceError, Services, ports::UserChange};

/// Forgets a user's wrong passwords, so that they can sign in before the pause is over.
pub async fn unlock(
    services: &Services,
    caller: &Caller,
    name: &str,
) -> Result<UserSummary, ServiceError> {
    const ACTION: &str = "user.unlock";
    let user = other(services, caller, ACTION, name).await?;
    apply(services, caller, ACTION, &user, &UserChange::Unlock, None).await
}
