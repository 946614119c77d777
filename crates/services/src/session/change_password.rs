use tidemark_domain::Invalid;

use super::{
    check_new_password, hash_password,
    password::Turn,
    sign_in::{begin_attempt, is_locked},
    verify_password,
};
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
    let turn = Turn::wait()?;
    // Counted as at the sign-in: whoever has got hold of a session could guess here otherwise.
    let attempt = begin_attempt(services, &user).await?;
    let matches = verify_password(turn, current, Some(&user.password_hash)).await?;
    if is_locked(attempt) || !matches {
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
        let rule = if is_locked(attempt) {
            "was wrong too often; wait a while (a quarter of an hour at most) and try again"
        } else {
            "is not right"
        };
        return Err(Invalid::new("current password", rule).into());
    }
    services.users.clear_attempts(id).await?;
    check_new_password(new)?;
    if new == current {
        return Err(Invalid::new("password", "must differ from the present one").into());
    }
    let hash = hash_password(new).await?;
    // Not over a password that an admin has made meanwhile, perhaps because this session is in wrong hands.
    services
        .users
        .set_password(id, user.security_stamp, &hash)
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
