use leptos::prelude::*;
use tidemark_domain::records::CaptureView;

use crate::{error::AppError, wire::Json};

/// The captures of a table.
#[server(endpoint = "records/of_table", input = Json, output = Json)]
pub async fn captures_of_table(
    /// ARN as typed.
    arn: String,
) -> Result<Vec<CaptureView>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let arn = crate::ssr::parse(tidemark_domain::Arn::parse(&arn))?;
    Ok(tidemark_services::records::of_table(&console.services, &caller, &arn).await?)
}
