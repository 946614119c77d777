use leptos::prelude::*;
use tidemark_domain::policy::AccessProof;

use crate::{error::AppError, wire::Json};

/// Whether the roles of the page's address have access now, by evaluating the policies.
#[server(endpoint = "policies/check", input = Json, output = Json)]
pub async fn check_access(
    /// The page's query string.
    query: String,
) -> Result<AccessProof, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let request = crate::ssr::parse(super::AccessQuery::parse(&query).request())?;
    Ok(tidemark_services::policies::check(&console.services, &caller, request).await?)
}
