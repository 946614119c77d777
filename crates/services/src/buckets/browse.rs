use tidemark_domain::{
    Privilege,
    buckets::{BrowsePage, BrowseRequest},
};

use super::place::reading;
use crate::{Caller, ServiceError, Services, authorize, ports::ListAsk};

/// Rows of a page by default.
const ROWS: u16 = 200;

/// A page of what lies under a prefix of a bucket, folders first. It costs one request of S3, however many keys there are.
pub async fn browse(
    services: &Services,
    caller: &Caller,
    request: BrowseRequest,
) -> Result<BrowsePage, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ReadBuckets,
        "bucket.browse",
        &request.place.arn(),
    )
    .await?;
    request.check()?;
    let (target, _) = reading(services, &request.place).await?;
    let ask = ListAsk {
        bucket: request.place.bucket.clone(),
        prefix: request.prefix.clone(),
        folders: true,
        versions: request.versions,
        token: request.after.clone(),
        limit: request.limit.unwrap_or(ROWS),
        ..ListAsk::default()
    };
    let listing = services.buckets.list(&target, &ask).await?;
    Ok(BrowsePage { request, listing })
}
