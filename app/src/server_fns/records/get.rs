use leptos::prelude::*;
use tidemark_domain::records::CaptureView;

use crate::{error::AppError, wire::Json};

/// One capture.
#[server(endpoint = "records/get", input = Json, output = Json)]
pub async fn get_capture(
    /// Its id.
    capture: String,
) -> Result<CaptureView, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::records::get(&console.services, &caller, &capture).await?)
}
