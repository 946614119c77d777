//! Setting the capture of a table up: what is proposed, what would be done, doing it.

use leptos::prelude::*;
use tidemark_domain::records::{SetupPreview, SetupRequest};

use crate::{error::AppError, wire::Json};

/// What is proposed for a table.
#[server(endpoint = "records/setup_prefill", input = Json, output = Json)]
pub async fn prefill_setup(
    /// ARN of the table as typed.
    table: String,
) -> Result<SetupRequest, AppError> {
    use tidemark_services::records::setup::prefill;

    let (console, caller) = crate::ssr::console_and_caller()?;
    let table = crate::ssr::parse(tidemark_domain::Arn::parse(&table))?;
    Ok(prefill(&console.services, &caller, &table).await?)
}

/// Exactly what a set-up would do. Nothing is changed.
#[server(endpoint = "records/setup_preview", input = Json, output = Json)]
pub async fn preview_setup(
    /// The page's query string.
    query: String,
) -> Result<SetupPreview, AppError> {
    use tidemark_services::records::setup::preview;

    let (console, caller) = crate::ssr::console_and_caller()?;
    let request = crate::ssr::parse(super::SetupQuery::parse(&query).request())?;
    Ok(preview(&console.services, &caller, request).await?)
}

/// Starts the set-up that was shown, and shows its run.
#[server(endpoint = "records/setup_start", input = crate::wire::Form)]
pub async fn start_setup(
    /// The page's query string.
    query: String,
    /// Digest of what was shown.
    digest: String,
) -> Result<(), AppError> {
    use tidemark_services::records::setup::start;

    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let request = ssr::parse(super::SetupQuery::parse(&query).request())?;
    let run = start(&console.services, &caller, request, &digest).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
