//! What backups cost, by estimate.

mod report;

pub use report::{GetCostReport, get_cost_report};
