use leptos::prelude::*;
use tidemark_domain::coverage::Control;

use crate::{error::AppError, wire::Json};

/// The controls, by id.
#[server(endpoint = "coverage/controls", input = Json, output = Json)]
pub async fn list_controls() -> Result<Vec<Control>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::coverage::controls(&console.services, &caller).await?)
}
