use leptos::{prelude::*, server_fn::codec::Json};
use tidemark_domain::coverage::ControlChange;

use crate::error::AppError;

/// The newest changes of controls.
#[server(endpoint = "coverage/changes", input = Json)]
pub async fn list_control_changes() -> Result<Vec<ControlChange>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::coverage::changes(&console.services, &caller).await?)
}
