use leptos::prelude::*;
use tidemark_domain::ResourceDetail;

use crate::{error::AppError, wire::Json};

/// One resource.
#[server(endpoint = "resources/get", input = Json, output = Json)]
pub async fn get_resource(
    /// ARN as typed.
    arn: String,
) -> Result<ResourceDetail, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let arn = crate::ssr::parse(tidemark_domain::Arn::parse(&arn))?;
    Ok(tidemark_services::resources::get(&console.services, &caller, &arn).await?)
}
