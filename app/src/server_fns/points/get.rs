use leptos::prelude::*;
use tidemark_domain::RecoveryPoint;

use crate::{error::AppError, wire::Json};

/// One recovery point.
#[server(endpoint = "points/get", input = Json, output = Json)]
pub async fn get_point(
    /// ARN as typed.
    arn: String,
) -> Result<RecoveryPoint, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let arn = crate::ssr::parse(tidemark_domain::Arn::parse(&arn))?;
    Ok(tidemark_services::points::get(&console.services, &caller, &arn).await?)
}
