use leptos::prelude::*;
use tidemark_domain::{Page, RecoveryPoint};

use crate::{error::AppError, wire::Json};

/// A page of the recovery points of a resource, newest first.
#[server(endpoint = "points/list", input = Json, output = Json)]
pub async fn list_points(
    /// ARN of the resource, as typed.
    resource: String,
    /// Cursor of the page; empty for the first.
    cursor: String,
) -> Result<Page<RecoveryPoint>, AppError> {
    use tidemark_domain::{Arn, PointFilter};
    let (console, caller) = crate::ssr::console_and_caller()?;
    let filter = PointFilter {
        resource: Some(crate::ssr::parse(Arn::parse(&resource))?),
        cursor: (!cursor.is_empty()).then_some(cursor),
        limit: Some(25),
        ..PointFilter::default()
    };
    Ok(tidemark_services::points::list(&console.services, &caller, filter).await?)
}
