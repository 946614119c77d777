use serde::Deserialize;
use tidemark_domain::{
    AccountId, Invalid, Page, Privilege, Region, ResourceFilter, ResourceRow, ResourceType,
};

use crate::{Caller, ServiceError, Services, authorize, resources::check_text};

/// Which buckets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BucketFilter {
    /// Part of the name, ignoring case.
    pub text: Option<String>,
    /// Only this account.
    pub account: Option<AccountId>,
    /// Only this Region.
    pub region: Option<Region>,
    /// Cursor of the page.
    pub cursor: Option<String>,
    /// Rows per page; 1 to 200, 50 by default.
    pub limit: Option<u16>,
}

/// A page of the buckets of every account, by name, as the catalogue knows them.
pub async fn list(
    services: &Services,
    caller: &Caller,
    filter: BucketFilter,
) -> Result<Page<ResourceRow>, ServiceError> {
    authorize(services, caller, Privilege::ReadBuckets, "bucket.list", "").await?;
    if filter.limit.is_some_and(|n| !(1..=200).contains(&n)) {
        return Err(Invalid::new("limit", "must lie between 1 and 200").into());
    }
    let filter = ResourceFilter {
        text: filter.text,
        account: filter.account,
        region: filter.region,
        resource_type: Some(ResourceType::S3),
        cursor: filter.cursor,
        limit: filter.limit,
        ..ResourceFilter::default()
    };
    check_text(&filter)?;
    Ok(services.catalogue.resources(&filter).await?)
}
