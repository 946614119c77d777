use leptos::prelude::*;

use crate::error::AppError;

/// Plans the undo of the records that are ticked, or of all that the comparison shows, and shows the
/// plan.
#[server(endpoint = "records/plan_undo", input = crate::wire::Form)]
pub async fn plan_undo(
    /// The comparison's query string.
    query: String,
    /// `ticked`, or `all` that match.
    #[server(default)]
    choice: String,
    /// When the comparison was made.
    #[server(default)]
    compared_at: String,
    /// The ticked records, by key in `DynamoDB`'s own JSON.
    #[server(default)]
    keys: Vec<String>,
) -> Result<(), AppError> {
    use tidemark_domain::records::{UndoAsk, UndoChoice};
    use tidemark_services::records::undo::plan;

    use super::{CompareQuery, UndoQuery};
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    ssr::known_names(&query, &CompareQuery::NAMES)?;
    let query = CompareQuery {
        at: compared_at,
        ..CompareQuery::parse(&query)
    };
    let (from, to) = ssr::parse(query.moments())?;
    let records = if choice == "all" {
        UndoChoice::Matching {
            compared_at: ssr::parse(query.compared_at())?,
            filter: ssr::parse(query.filter())?,
        }
    } else {
        UndoChoice::Keys(keys)
    };
    let ask = UndoAsk { from, to, records };
    let id = plan(&console.services, &caller, &query.capture, ask).await?;
    ssr::redirect(&UndoQuery::of(&query.capture, &id).href());
    Ok(())
}
