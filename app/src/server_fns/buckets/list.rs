use leptos::prelude::*;
use tidemark_domain::{Page, ResourceRow};

use super::BucketQuery;
use crate::{error::AppError, wire::Json};

/// A page of buckets.
#[server(endpoint = "buckets/list", input = Json, output = Json)]
pub async fn list_buckets(
    /// What the list shows.
    query: BucketQuery,
) -> Result<Page<ResourceRow>, AppError> {
    use tidemark_domain::{AccountId, Region};
    use tidemark_services::buckets::{BucketFilter, list};

    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let filter = BucketFilter {
        text: given(&query.text),
        account: ssr::parse(given(&query.account).map(AccountId::parse).transpose())?,
        region: ssr::parse(given(&query.region).map(Region::parse).transpose())?,
        cursor: given(&query.cursor),
        limit: None,
    };
    Ok(list(&console.services, &caller, filter).await?)
}
