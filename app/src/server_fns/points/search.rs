use leptos::prelude::*;
use tidemark_domain::{Page, RecoveryPoint};

use super::PointQuery;
use crate::{error::AppError, wire::Json};

/// A page of recovery points.
#[server(endpoint = "points/search", input = Json, output = Json)]
pub async fn search_points(
    /// What the list shows.
    query: PointQuery,
) -> Result<Page<RecoveryPoint>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let filter = crate::ssr::parse(query.filter(console.services.clock.now()))?;
    Ok(tidemark_services::points::list(&console.services, &caller, filter).await?)
}
