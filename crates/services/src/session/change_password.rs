use tidemark_domain::Invalid;

use super::{check_new_password, hash_password, verify_password};
use crate::{Caller, ServiceError, Services, audit::AuditOutcome, authorize::record, ports::User};

/// Changes the caller's own password; all their sessions end, and the answer carries the new stamp.
pub async fn change_password(
    services: &Services,
    caller: &Caller,
    current: &str,
    new: &str,
) -> Result<User, ServiceError> {
    let id = caller.user_id.ok_or(ServiceError::Unauthenticated)?;
    let user = services
        .users
        .by_id(id)
        .await?
        .ok_or(ServiceError::Unauthenticated)?;
    if !verify_password(current, Some(&user.password_hash)).await? {
        record(
            services,
            caller,
            "session.change_password",
            &caller.name,
            AuditOutcome::Denied,
            None,
            None,
        )
        .await?;
        return Err(Invalid::new("current password", "is not right").into());
    }
    check_new_password(new)?;
    if new == current {
        return Err(Invalid::new("password", "must differ from the present one").into());
    }
    services
        .users
        .set_password(id, &hash_password(new).await?, false)
        .await?;
    record(
        services,
        caller,
        "session.change_password",
        &caller.name,
        AuditOutcome::Allowed,
        None,
        None,
    )
    .await?;
    services
        .users
        .by_id(id)
        .await?
        .ok_or(ServiceError::Unauthenticated)
}
