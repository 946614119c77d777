use leptos::prelude::*;
use tidemark_domain::{
    Page,
    plan::PlanDraft,
    selection::{DryRunList, DryRunRow},
};

use crate::{error::AppError, wire::Json};

/// Rows of a page.
#[cfg(feature = "ssr")]
const ROWS: u16 = 50;

/// A page of one of the lists of a dry run.
#[server(endpoint = "plans/dry_run_list", input = Json, output = Json)]
pub async fn list_dry_run(
    /// The draft.
    draft: PlanDraft,
    /// Which list.
    list: DryRunList,
    /// Cursor of the page; empty for the first.
    cursor: String,
) -> Result<Page<DryRunRow>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let cursor = (!cursor.is_empty()).then_some(cursor.as_str());
    let services = &console.services;
    Ok(
        tidemark_services::plans::dry_run_list(services, &caller, &draft, list, cursor, ROWS)
            .await?,
    )
}
