use leptos::prelude::*;
use tidemark_domain::records::FoundRecords;

use crate::{error::AppError, wire::Json};

/// Records as they were at a moment.
#[server(endpoint = "records/search", input = Json, output = Json)]
pub async fn search_records(
    /// The page's query string.
    query: String,
) -> Result<FoundRecords, AppError> {
    use tidemark_services::records::search;

    let (console, caller) = crate::ssr::console_and_caller()?;
    crate::ssr::known_names(&query, &super::RecordQuery::NAMES)?;
    let query = super::RecordQuery::parse(&query);
    let ask = crate::ssr::parse(query.search())?;
    Ok(search(&console.services, &caller, &query.capture, &ask).await?)
}
