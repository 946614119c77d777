//! The first user of a new console.

use tidemark_domain::Role;
use tidemark_services::{
    ServiceError, Services,
    session::one_time_password,
    users::{self, CreateUser},
};

use super::{CliError, caller::caller, output::line};
use crate::config::Config;

const NAME: &str = "admin";

/// Creates an admin when there are no users: with the password of the settings, or with a one-time
/// one that is printed now and never again, and must be changed at the first sign-in.
pub(super) async fn create(services: &Services, config: &Config) -> Result<(), CliError> {
    if !services.users.list().await?.is_empty() {
        return Ok(());
    }
    let given = config.admin_password.reveal().map(ToOwned::to_owned);
    let must_change_password = given.is_none();
    let password = given.unwrap_or_else(|| one_time_password().reveal().to_owned());
    let form = CreateUser {
        name: NAME.to_owned(),
        role: Role::Admin,
        password: password.clone(),
        must_change_password,
    };
    match users::create(services, &caller(None), &form).await {
        Ok(_) => {}
        // Another process that starts at the same time was faster, and says the password.
        Err(ServiceError::Conflict(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    if must_change_password {
        line(&format!(
            "\nThis console has no users yet. Sign in once as `{NAME}` with this password, which is shown \
             only now, and choose your own:\n\n    {password}\n"
        ))?;
    }
    Ok(())
}
