use leptos::prelude::*;

use super::RunPage;
use crate::{error::AppError, wire::Json};

/// One run with its log.
#[server(endpoint = "runs/get", input = Json, output = Json)]
pub async fn get_run(
    /// The run's id, as typed.
    id: String,
) -> Result<RunPage, AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let id = ssr::parse(ssr::run_id(&id))?;
    let detail = tidemark_services::runs::get(&console.services, &caller, id).await?;
    Ok(ssr::run_page(detail))
}
