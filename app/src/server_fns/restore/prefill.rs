use leptos::{prelude::*, server_fn::codec::Json};
use tidemark_domain::RestorePrefill;

use crate::error::AppError;

/// What the wizard's forms begin with.
#[server(endpoint = "restore/prefill", input = Json)]
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
