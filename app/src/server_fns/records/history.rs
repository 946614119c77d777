use leptos::prelude::*;
use tidemark_domain::records::RecordHistory;

use crate::{error::AppError, wire::Json};

/// The versions of one record.
#[server(endpoint = "records/history", input = Json, output = Json)]
pub async fn get_record_history(
    /// The page's query string.
    query: String,
) -> Result<RecordHistory, AppError> {
    use tidemark_services::records::history;

    let (console, caller) = crate::ssr::console_and_caller()?;
    crate::ssr::known_names(&query, &super::RecordQuery::NAMES)?;
    let query = super::RecordQuery::parse(&query);
    let version = crate::ssr::parse(query.version_number())?;
    let ask = query.key_ask();
    Ok(history(&console.services, &caller, &query.capture, &ask, version).await?)
}
