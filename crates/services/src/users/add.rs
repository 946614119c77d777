use tidemark_domain::{NewPassword, Role};

use super::{CreateUser, create};
use crate::{Caller, ServiceError, Services, session::one_time_password};

/// Whom to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddUser {
    /// Login name as typed.
    pub name: String,
    /// Role.
    pub role: Role,
}

/// Creates a user with a password that is made here: the answer has it this once, and it must be changed at the first
/// sign-in.
pub async fn add(
    services: &Services,
    caller: &Caller,
    form: &AddUser,
) -> Result<NewPassword, ServiceError> {
    let password = one_time_password();
    let form = CreateUser {
        name: form.name.clone(),
        role: form.role,
        password: password.reveal().to_owned(),
        must_change_password: true,
    };
    let user = create(services, caller, &form).await?;
    Ok(NewPassword {
        user: user.summary(),
        password,
    })
}
