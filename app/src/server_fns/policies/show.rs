use leptos::prelude::*;
use tidemark_domain::policy::PolicyShown;

use crate::{error::AppError, wire::Json};

/// The policy of the bucket that the page's address names.
#[server(endpoint = "policies/show", input = Json, output = Json)]
pub async fn show_policy(
    /// The page's query string.
    query: String,
) -> Result<PolicyShown, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let place = crate::ssr::parse(super::AccessQuery::parse(&query).bucket())?;
    let (account, region, bucket) = crate::ssr::parse(
        place.ok_or_else(|| tidemark_domain::Invalid::new("bucket", "must be given")),
    )?;
    let services = &console.services;
    Ok(tidemark_services::policies::show(services, &caller, &account, &region, &bucket).await?)
}
