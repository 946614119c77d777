//! Buckets that others write their backups to.

mod fix;
mod list;
mod place_query;
mod plan;
mod query;
mod show;

pub use fix::{FixBucket, fix_bucket};
pub use list::{ListBuckets, list_buckets};
pub use place_query::PlaceQuery;
pub use plan::{PlanBucketFix, plan_bucket_fix};
pub use query::BucketQuery;
pub use show::{ShowBucket, show_bucket};
