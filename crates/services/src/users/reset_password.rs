use tidemark_domain::NewPassword;

use super::other::{apply, other};
use crate::{
    Caller, ServiceError, Services,
    ports::UserChange,
    session::{hash_password, one_time_password},
};

/// Makes a user a password: the answer has it this once, and it must be changed at the next sign-in. Every session of
/// theirs ends, and wrong passwords are forgotten.
pub async fn reset_password(
    services: &Services,
    caller: &Caller,
    name: &str,
) -> Result<NewPassword, ServiceError> {
    const ACTION: &str = "user.reset_password";
    let user = other(services, caller, ACTION, name).await?;
    let password = one_time_password();
    let hash = hash_password(password.reveal()).await?;
    let change = UserChange::Password { hash };
    let user = apply(services, caller, ACTION, &user, &change, None).await?;
    Ok(NewPassword { user, password })
}
