use tidemark_domain::UserSummary;

use super::other::{apply, other};
use crate::{Caller, ServiceError, Services, ports::UserChange};

/// Lets a disabled user sign in again, with the password that they had.
pub async fn enable(
    services: &Services,
    caller: &Caller,
    name: &str,
) -> Result<UserSummary, ServiceError> {
    const ACTION: &str = "user.enable";
    let user = other(services, caller, ACTION, name).await?;
    apply(services, caller, ACTION, &user, &UserChange::Enable, None).await
}
