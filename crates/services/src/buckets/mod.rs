//! Buckets that others write their backups to.

mod fix;
mod list;
mod place;
mod plan;
mod policy;
mod run;
mod show;

pub use fix::{Confirmed, fix};
pub use list::{BucketFilter, list};
pub use plan::plan;
pub(crate) use run::targets_of;
pub use run::{SET_BUCKET_KIND, SetBucketRun};
pub use show::show;
