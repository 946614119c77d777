use leptos::prelude::*;
use tidemark_domain::PointDetail;

use crate::{error::AppError, wire::Json};

/// One recovery point with its vault, its holds and the lineage of its copies.
#[server(endpoint = "points/detail", input = Json, output = Json)]
pub async fn get_point_detail(
    /// ARN as typed.
    arn: String,
) -> Result<PointDetail, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let arn = crate::ssr::parse(tidemark_domain::Arn::parse(&arn))?;
    Ok(tidemark_services::points::detail(&console.services, &caller, &arn).await?)
}
