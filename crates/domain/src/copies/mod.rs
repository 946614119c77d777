//! Copying recovery points into another vault: what is asked, what stands in the way of each point and how that is
//! put right, and what a copy job that failed says of itself.
//!
//! Sources: "Backup and tag copy", "Creating backup copies across AWS accounts", "Encryption for a backup copy to a
//! different account or AWS Region", "Feature availability by resource" and "AWS Backup quotas" in the AWS Backup
//! developer guide; `StartCopyJob` and `DescribeCopyJob`.

mod diagnose;
mod facts;
mod judge;
mod plan;
mod problem;
mod request;

pub use diagnose::{Route, diagnose};
pub use facts::{CopyFacts, Destination, KeyFacts, KeyManager, Membership, PointKey, Sharing};
pub use judge::judge;
pub use plan::{CopyFinding, CopyPlace, CopyPlan};
pub use problem::{CopyLevel, CopyProblem};
pub use request::CopyRequest;

#[cfg(test)]
mod tests;
