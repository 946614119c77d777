use leptos::prelude::*;
use tidemark_domain::RestorePlan;

use crate::{error::AppError, wire::Json};

/// Exactly what the restore will do.
#[server(endpoint = "restore/plan", input = Json, output = Json)]
pub async fn plan_restore(
    /// The wizard's query string.
    wizard: String,
) -> Result<RestorePlan, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let request = crate::ssr::restore_request(&console, &caller, &wizard).await?;
    Ok(tidemark_services::restore::plan(&console.services, &caller, request).await?)
}
