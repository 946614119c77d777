//! Buckets that others write their backups to.

mod fix;
mod list;
mod one;

pub(crate) use fix::BucketFixPage;
pub(crate) use list::BucketsPage;
pub(crate) use one::BucketPage;

use tidemark_domain::buckets::BucketPlace;

use crate::server_fns::buckets::PlaceQuery;

/// The page of a bucket.
fn bucket_href(place: &BucketPlace) -> String {
    PlaceQuery::of(place).query().on("/buckets/one")
}
