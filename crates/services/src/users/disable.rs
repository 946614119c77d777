use tidemark_domain::UserSummary;

use super::other::{apply, other};
use crate::{Caller, ServiceError, Services, ports::UserChange};

/// Lets a user sign in no more. Every session of theirs ends; runs that they began go on.
pub async fn disable(
    services: &Services,
    caller: &Caller,
    name: &str,
) -> Result<UserSummary, ServiceError> {
    const ACTION: &str = "user.disable";
    let user = other(services, caller, ACTION, name).await?;
    let change = UserChange::Disable(services.clock.now());
    apply(services, caller, ACTION, &user, &change, None).await
}
