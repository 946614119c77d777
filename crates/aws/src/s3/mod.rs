//! S3, one operation per file.

mod list_buckets;
mod versioning;

pub(crate) use list_buckets::list_buckets;
pub(crate) use versioning::versioning;
