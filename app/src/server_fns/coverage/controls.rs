use leptos::{prelude::*, server_fn::codec::Json};
use tidemark_domain::coverage::Control;

use crate::error::AppError;

/// The controls, by id.
#[server(endpoint = "coverage/controls", input = Json)]
pub async fn list_controls() -> Result<Vec<Control>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::coverage::controls(&console.services, &caller).await?)
}
