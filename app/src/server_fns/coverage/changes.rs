use leptos::prelude::*;
use tidemark_domain::coverage::ControlChange;

use crate::{error::AppError, wire::Json};

/// The newest changes of controls.
#[server(endpoint = "coverage/changes", input = Json, output = Json)]
pub async fn list_control_changes() -> Result<Vec<ControlChange>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::coverage::changes(&console.services, &caller).await?)
}
