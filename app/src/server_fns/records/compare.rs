use leptos::prelude::*;
use tidemark_domain::records::Comparison;

use crate::{error::AppError, wire::Json};

/// What differs between two moments, or between a moment and the live table.
#[server(endpoint = "records/compare", input = Json, output = Json)]
pub async fn compare_records(
    /// The page's query string.
    query: String,
) -> Result<Comparison, AppError> {
    use tidemark_services::records::compare::compare;

    let (console, caller) = crate::ssr::console_and_caller()?;
    crate::ssr::known_names(&query, &super::CompareQuery::NAMES)?;
    let query = super::CompareQuery::parse(&query);
    let ask = crate::ssr::parse(query.ask())?;
    Ok(compare(&console.services, &caller, &query.capture, &ask).await?)
}
