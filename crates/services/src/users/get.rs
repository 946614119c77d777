use tidemark_domain::{Privilege, UserSummary};

use super::other::find;
use crate::{Caller, ServiceError, Services, authorize};

/// One local user, by name in any case.
pub async fn get(
    services: &Services,
    caller: &Caller,
    name: &str,
) -> Result<UserSummary, ServiceError> {
    authorize(services, caller, Privilege::ManageUsers, "user.get", name).await?;
    Ok(find(services, name).await?.summary())
}
