//! S3, one operation per file.

mod bucket_exists;
mod list_buckets;
mod versioning;

pub(crate) use bucket_exists::bucket_exists;
pub(crate) use list_buckets::list_buckets;
pub(crate) use versioning::versioning;
