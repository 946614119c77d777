use tidemark_domain::{Invalid, Privilege, Role};

use crate::{
    Caller, ServiceError, Services,
    audit::AuditOutcome,
    authorize,
    authorize::record,
    ports::{NewUser, User},
    session::{check_new_password, hash_password},
};

/// What a person enters to create a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateUser {
    /// Login name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// First password.
    pub password: String,
    /// It must be changed at the first sign-in.
    pub must_change_password: bool,
}

/// Creates a local user.
pub async fn create(
    services: &Services,
    caller: &Caller,
    form: &CreateUser,
) -> Result<User, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManageUsers,
        "user.create",
        &form.name,
    )
    .await?;
    let name = form.name.trim();
    let alphabet = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"_.@+-".contains(&b));
    // The name becomes the source identity of this person's runs, so it keeps to that alphabet.
    if !(2..=64).contains(&name.len()) || !alphabet {
        return Err(Invalid::new(
            "user name",
            "must have 2 to 64 characters of letters, digits and _.@+-",
        )
        .into());
    }
    check_new_password(&form.password)?;
    let user = services
        .users
        .create(
            &NewUser {
                name: name.to_owned(),
                role: form.role,
                password_hash: hash_password(&form.password).await?,
                must_change_password: form.must_change_password,
            },
            services.clock.now(),
        )
        .await?;
    record(
        services,
        caller,
        "user.create",
        name,
        AuditOutcome::Allowed,
        None,
        Some(form.role.as_str().into()),
    )
    .await?;
    Ok(user)
}
