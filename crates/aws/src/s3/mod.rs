//! S3, one operation per file.

mod list_buckets;

pub(crate) use list_buckets::list_buckets;
