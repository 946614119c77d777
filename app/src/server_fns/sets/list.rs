use leptos::prelude::*;
use tidemark_domain::sets::SetRow;

use crate::{error::AppError, wire::Json};

/// Every application set, by name.
#[server(endpoint = "sets/list", input = Json, output = Json)]
pub async fn list_sets() -> Result<Vec<SetRow>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::sets::list(&console.services, &caller).await?)
}
