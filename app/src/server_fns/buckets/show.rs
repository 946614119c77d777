use leptos::prelude::*;
use tidemark_domain::buckets::BucketReport;

use crate::{error::AppError, wire::Json};

/// A bucket as S3 has it this moment, and how that stands with what backups need.
#[server(endpoint = "buckets/show", input = Json, output = Json)]
pub async fn show_bucket(
    /// The page's query string.
    query: String,
) -> Result<BucketReport, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let place = crate::ssr::parse(super::PlaceQuery::parse(&query).place())?;
    Ok(tidemark_services::buckets::show(&console.services, &caller, place).await?)
}
