use leptos::prelude::*;
use tidemark_domain::RestorePrefill;

use crate::{error::AppError, wire::Json};

/// What the wizard's forms begin with.
#[server(endpoint = "restore/prefill", input = Json, output = Json)]
pub async fn prefill_restore(
    /// The wizard's query string.
    wizard: String,
) -> Result<RestorePrefill, AppError> {
    use crate::{ssr, wizard::Wizard};
    let (console, caller) = ssr::console_and_caller()?;
    let wizard = Wizard::parse(&wizard);
    let (arn, source) = (ssr::parse(wizard.resource())?, ssr::parse(wizard.source())?);
    Ok(tidemark_services::restore::prefill(&console.services, &caller, &arn, &source).await?)
}
