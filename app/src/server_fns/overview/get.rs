use leptos::prelude::*;
use tidemark_domain::Overview;

use crate::{error::AppError, wire::Json};

/// The whole estate at a glance.
#[server(endpoint = "overview/get", input = Json, output = Json)]
pub async fn get_overview() -> Result<Overview, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::overview::get(&console.services, &caller).await?)
}
