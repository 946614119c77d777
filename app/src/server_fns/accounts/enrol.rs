use leptos::prelude::*;
use tidemark_domain::enrol::{EnrolPlan, Enrolled};

use crate::{
    error::AppError,
    wire::{Form, Json},
};

/// What registering the accounts of a file would do.
#[server(endpoint = "accounts/plan_enrolment", input = Form, output = Json)]
pub async fn plan_enrolment(
    /// The file, comma-separated.
    file: String,
) -> Result<EnrolPlan, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::accounts::plan_enrolment(&console.services, &caller, &file).await?)
}

/// Registers the accounts of a file as they were shown.
#[server(endpoint = "accounts/enrol", input = Form, output = Json)]
pub async fn enrol(
    /// The file, comma-separated.
    file: String,
    /// Of the plan that was shown.
    digest: String,
    /// `yes` to register what is right, though something is wrong.
    #[server(default)]
    skip_wrong: String,
) -> Result<Enrolled, AppError> {
    use tidemark_services::accounts::{self, Enrol};
    let (console, caller) = crate::ssr::console_and_caller()?;
    // Before anything is stored: the accounts' roles could not be made.
    accounts::check_console_account(&console.account)?;
    let request = Enrol {
        file,
        digest,
        skip_wrong: skip_wrong == "yes",
    };
    Ok(accounts::enrol(&console.services, &caller, &request).await?)
}
