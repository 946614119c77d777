use leptos::{prelude::*, server_fn::codec::Json};
use tidemark_domain::ResourceDetail;

use crate::error::AppError;

/// One resource.
#[server(endpoint = "resources/get", input = Json)]
pub async fn get_resource(
    /// ARN as typed.
    arn: String,
) -> Result<ResourceDetail, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let arn = crate::ssr::parse(tidemark_domain::Arn::parse(&arn))?;
    Ok(tidemark_services::resources::get(&console.services, &caller, &arn).await?)
}
