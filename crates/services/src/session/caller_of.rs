use tidemark_domain::Me;
use uuid::Uuid;

use crate::{Caller, ServiceError, Services, ports::User};

/// Who a session belongs to; none when the user is gone or disabled, or password or role changed since.
pub async fn caller_of(
    services: &Services,
    user_id: Uuid,
    stamp: Uuid,
    origin: String,
) -> Result<Option<(Caller, Me)>, ServiceError> {
    let user = services.users.by_id(user_id).await?;
    Ok(user
        .filter(|user| user.security_stamp == stamp && user.disabled_at.is_none())
        .map(|user| {
            let me = me(&user);
            let caller = Caller {
                user_id: Some(user.id),
                name: user.name,
                role: user.role,
                origin,
            };
            (caller, me)
        }))
}

/// The user as pages see them.
pub fn me(user: &User) -> Me {
    Me {
        name: user.name.clone(),
        role: user.role,
        must_change_password: user.must_change_password,
    }
}
