//! Application sets: kept as manifests, backed up under a pause, and what can be recovered of them.

mod back_up;
mod check;
mod get;
mod history;
mod list;
mod put;
mod recovery;
mod restore;
mod restore_run;
mod run;
mod runs;

pub(crate) use back_up::targets_of;
pub use back_up::{SetBackup, back_up, back_up_manifest};
pub use check::{SetCheck, check};
pub use get::get;
pub use list::list;
pub use put::{SetPut, put};
pub use recovery::{recovery, recovery_of};
pub(crate) use restore::{again as restore_again, allowed as restore_allowed, restore_targets_of};
pub use restore::{plan_restore, propose_restore, restore};
pub use restore_run::{RESTORE_SET_KIND, RestoreSetRun};
pub use run::{BACK_UP_SET_KIND, BackUpSetRun, MemberResult};
pub use runs::{SetRun, runs};
