//! On-demand backups.

mod prefill;
mod start;

pub use prefill::{BackupChoices, PrefillBackup, prefill_backup};
pub use start::{StartBackup, start_backup};
