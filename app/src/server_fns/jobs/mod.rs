//! Jobs of AWS Backup over all accounts.

mod causes;
mod list;
mod query;

pub use causes::{JobCauses, job_causes};
pub use list::{ListJobs, list_jobs};
pub use query::JobQuery;
