//! Buckets that others write their backups to.

mod blocks;
mod browse;
mod copy;
mod fix;
mod list;
mod place;
mod plan;
mod policy;
mod run;
mod show;

pub use blocks::blocks;
pub use browse::browse;
pub(crate) use copy::copy_targets_of;
pub use copy::{COPY_KIND, CopyRun, copy, plan_copy};
pub use fix::{Confirmed, fix};
pub use list::{BucketFilter, list};
pub use plan::plan;
pub(crate) use run::targets_of;
pub use run::{SET_BUCKET_KIND, SetBucketRun};
pub use show::show;
