//! Setting a table up for record-level backups: a preview, then a run that does what was shown.

mod bucket_policy;
mod check;
mod found;
mod prefill;
mod preview;
mod run;
mod start;

pub use prefill::prefill;
pub use preview::preview;
pub use run::{SETUP_KIND, SetupRun};
pub use start::start;
