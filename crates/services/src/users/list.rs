use tidemark_domain::{Privilege, UserSummary};

use crate::{Caller, ServiceError, Services, authorize, ports::User};

/// Every local user, by name.
pub async fn list(services: &Services, caller: &Caller) -> Result<Vec<UserSummary>, ServiceError> {
    authorize(services, caller, Privilege::ManageUsers, "user.list", "").await?;
    let users = services.users.list().await?;
    Ok(users.iter().map(User::summary).collect())
}
