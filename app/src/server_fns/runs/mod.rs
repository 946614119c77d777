//! Runs: everything that changes something in AWS.

mod cancel;
mod get;
mod items;
mod list;
mod retry;
mod rows;

pub use cancel::{CancelRun, cancel_run};
pub use get::{GetRun, get_run};
pub use items::{ListRunItems, RunItems, list_run_items};
pub use list::{ListRuns, list_runs};
pub use retry::{RetryRun, retry_run};
pub use rows::{RunPage, RunQuery, RunRow};
