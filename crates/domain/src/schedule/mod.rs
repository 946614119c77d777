//! Schedules of backup plans: AWS's cron expressions.
//!
//! Source: "Cron expressions" in the Amazon `EventBridge` and AWS Backup developer guides.

mod explain;
mod field;
mod occurrences;
mod parse;

pub use parse::AwsCron;
