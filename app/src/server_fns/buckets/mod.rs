//! Buckets that others write their backups to.

mod blocks;
mod browse;
mod browse_query;
mod copy;
mod copy_query;
mod fix;
mod list;
mod place_query;
mod plan;
mod plan_copy;
mod query;
mod show;

pub use blocks::{BrowseBlocks, browse_blocks};
pub use browse::{BrowseBucket, browse_bucket};
pub use browse_query::BrowseQuery;
pub use copy::{CopyPrefix, copy_prefix};
pub use copy_query::CopyQuery;
pub use fix::{FixBucket, fix_bucket};
pub use list::{ListBuckets, list_buckets};
pub use place_query::PlaceQuery;
pub use plan::{PlanBucketFix, plan_bucket_fix};
pub use plan_copy::{PlanBucketCopy, plan_bucket_copy};
pub use query::BucketQuery;
pub use show::{ShowBucket, show_bucket};
