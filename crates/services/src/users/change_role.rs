use tidemark_domain::{Role, UserSummary};

use super::other::{apply, other};
use crate::{Caller, ServiceError, Services, ports::UserChange};

/// Gives a user another role. Every session of theirs ends, so that no page goes on with what the old one allowed.
pub async fn change_role(
    services: &Services,
    caller: &Caller,
    name: &str,
    role: Role,
) -> Result<UserSummary, ServiceError> {
    const ACTION: &str = "user.change_role";
    let user = other(services, caller, ACTION, name).await?;
    let detail = format!("{} → {}", user.role.as_str(), role.as_str());
    let change = UserChange::Role(role);
    apply(services, caller, ACTION, &user, &change, Some(detail)).await
}
