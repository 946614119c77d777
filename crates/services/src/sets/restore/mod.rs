//! Restoring a set: what is proposed, what it would do, and starting it.

mod member;
mod names;
mod plan;
mod propose;
mod rules;
mod source;
mod start;

pub use plan::plan_restore;
pub use propose::propose_restore;
pub use start::restore;
pub(crate) use start::{again, allowed, restore_targets_of};
