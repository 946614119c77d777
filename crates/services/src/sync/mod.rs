//! Keeping the catalogue true: reading every scope of every account, capped, again and again.

mod bounded;
mod captured;
mod failure;
mod queue;
mod scope;
mod want;
mod worker;

pub use failure::scope_error;
pub use queue::SyncQueue;
pub use scope::sync_scope;
pub(crate) use scope::too_slow;
pub(crate) use want::want;
pub use worker::{SyncConfig, SyncWorker};
