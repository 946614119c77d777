//! Application sets.

mod back_up;
mod get;
mod list;
mod put;
mod recovery;
mod restore;

pub use back_up::{BackUpSet, back_up_set};
pub use get::{GetSet, get_set};
pub use list::{ListSets, list_sets};
pub use put::{PutSet, put_set};
pub use recovery::{SetRecovery, set_recovery};
pub use restore::{PlanSetRestore, RestoreSet, plan_set_restore, restore_set};
