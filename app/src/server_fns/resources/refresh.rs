use leptos::prelude::*;

use crate::error::AppError;

/// Asks for a re-sync of the resource's Region and shows its page.
#[server(endpoint = "resources/refresh", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn refresh_resource(
    /// ARN as typed.
    arn: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let arn = ssr::parse(tidemark_domain::Arn::parse(&arn))?;
    tidemark_services::resources::refresh(&console.services, &caller, &arn).await?;
    ssr::redirect(&crate::query::link("/resources/view", "arn", arn.as_str()));
    Ok(())
}
