use leptos::prelude::*;
use tidemark_domain::records::UndoPlan;

use crate::{error::AppError, wire::Json};

/// The plan of an undo, a page of it, and how far it has come.
#[server(endpoint = "records/get_undo", input = Json, output = Json)]
pub async fn get_undo(
    /// The page's query string.
    query: String,
) -> Result<UndoPlan, AppError> {
    use tidemark_services::records::undo::get;

    let (console, caller) = crate::ssr::console_and_caller()?;
    crate::ssr::known_names(&query, &super::UndoQuery::NAMES)?;
    let query = super::UndoQuery::parse(&query);
    let first = crate::ssr::parse(query.first())?;
    Ok(get(
        &console.services,
        &caller,
        &query.capture,
        &query.plan,
        first,
    )
    .await?)
}
