use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tidemark_domain::{
    Page,
    change::{RunItem, TargetCounts},
};

use crate::{error::AppError, wire::Json};

/// What became of the items of a run: sums by vault, and a page of the items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunItems {
    /// Sums by vault.
    pub targets: Vec<TargetCounts>,
    /// A page of items.
    pub page: Page<RunItem>,
}

/// What became of the items of a run.
#[server(endpoint = "runs/items", input = Json, output = Json)]
pub async fn list_run_items(
    /// The run's id.
    id: String,
    /// Only items in this state; empty for all.
    state: String,
    /// Cursor of the page; empty for the first.
    cursor: String,
) -> Result<RunItems, AppError> {
    use tidemark_domain::{
        Invalid,
        change::{ItemFilter, ItemState},
    };
    use tidemark_services::runs;

    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let id = ssr::parse(ssr::run_id(&id))?;
    let state = match state.as_str() {
        "" => None,
        word => Some(ssr::parse(ItemState::parse(word).ok_or_else(|| {
            Invalid::new("state", "must be failed, left, done, asked or pending")
        }))?),
    };
    let filter = ItemFilter {
        state,
        cursor: (!cursor.is_empty()).then_some(cursor),
        limit: Some(50),
    };
    Ok(RunItems {
        targets: runs::item_counts(&console.services, &caller, id).await?,
        page: runs::items(&console.services, &caller, id, &filter).await?,
    })
}
