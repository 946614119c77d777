use jiff::Timestamp;
use tidemark_domain::{Privilege, Role};

use crate::{Caller, ServiceError, Services, authorize};

/// A user as lists show them: no hash, no stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// Login name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Locked out until then.
    pub locked_until: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Every local user, by name.
pub async fn list(services: &Services, caller: &Caller) -> Result<Vec<UserRow>, ServiceError> {
    authorize(services, caller, Privilege::ManageUsers, "user.list", "").await?;
    let users = services.users.list().await?;
    Ok(users
        .into_iter()
        .map(|user| UserRow {
            name: user.name,
            role: user.role,
            locked_until: user.locked_until,
            created_at: user.created_at,
        })
        .collect())
}
