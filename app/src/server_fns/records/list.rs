use leptos::prelude::*;
use tidemark_domain::records::CaptureView;

use crate::{error::AppError, wire::Json};

/// Tables that are backed up record by record.
#[server(endpoint = "records/list", input = Json, output = Json)]
pub async fn list_captures() -> Result<Vec<CaptureView>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::records::list(&console.services, &caller).await?)
}
