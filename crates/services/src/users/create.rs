use tidemark_domain::{Invalid, Privilege, Role};

use crate::{
    Caller, ServiceError, Services,
    audit::AuditOutcome,
    authorize,
    authorize::entry,
    ports::{NewUser, User},
    session::{check_new_password, hash_password},
};

/// A user to create with a password that was chosen elsewhere, as in the settings of a new console.
#[derive(Clone, PartialEq, Eq)]
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
    const ACTION: &str = "user.create";
    authorize(services, caller, Privilege::ManageUsers, ACTION, &form.name).await?;
    let name = form.name.trim();
    check_name(name)?;
    check_new_password(&form.password)?;
    // Before the password is worked on, which takes a while; the store decides.
    if services.users.by_name(name).await?.is_some() {
        return Err(ServiceError::Conflict(format!("the name {name} is taken")));
    }
    let user = NewUser {
        name: name.to_owned(),
        role: form.role,
        password_hash: hash_password(&form.password).await?,
        must_change_password: form.must_change_password,
    };
    let entry = entry(
        services,
        caller,
        ACTION,
        name,
        AuditOutcome::Allowed,
        None,
        Some(form.role.as_str().into()),
    );
    let now = services.clock.now();
    Ok(services.users.create(&user, now, Some(&entry)).await?)
}

/// The name becomes the source identity of this person's runs in AWS, so it keeps to that alphabet; it is a part of
/// addresses and an argument of commands, so it begins with none of the signs that mean something there.
fn check_name(name: &str) -> Result<(), Invalid> {
    let alphabet = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"_.@+-".contains(&b));
    let beginning = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if (2..=64).contains(&name.len()) && alphabet && beginning {
        return Ok(());
    }
    Err(Invalid::new(
        "user name",
        "must have 2 to 64 characters: letters a to z, digits and _.@+-, with a letter or a digit first",
    ))
}
