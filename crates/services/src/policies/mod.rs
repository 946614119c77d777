//! Who else may use a bucket: its policy shown, changed, given back and proved.

mod check;
mod judge;
mod plan;
mod prove;
mod roles;
mod run;
mod session;
mod show;
mod start;

pub use check::check;
pub use plan::plan;
pub use roles::{StackQuery, roles};
pub(crate) use run::same as same_policy;
pub use run::{SET_BUCKET_POLICY_KIND, SetBucketPolicyRun};
pub use show::show;
pub use start::{PolicyConfirmed, start};

/// What only one unfinished run may work on, out of a run's parameters.
pub(crate) fn targets_of(params: &serde_json::Value) -> Vec<String> {
    let bucket = params.pointer("/request/bucket").and_then(|b| b.as_str());
    bucket.map(target_of).into_iter().collect()
}

/// Names of buckets are unique in a whole partition.
fn target_of(bucket: &str) -> String {
    format!("bucket-policy:{bucket}")
}
