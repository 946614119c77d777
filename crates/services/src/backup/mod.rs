//! On-demand backups: prefill the form, start; and the run that carries it out.

mod policy;
mod prefill;
mod run;
mod start;

pub use prefill::{BackupPrefill, prefill};
pub(crate) use run::job_may_go_on;
pub use run::{BACKUP_KIND, BackupRun};
pub use start::start;
pub(crate) use start::{again, check};
