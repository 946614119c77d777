//! Trying again what failed for a passing reason, around any port.

mod backoff;
mod store;
mod table;

pub use backoff::Backoff;
pub use store::RetryingStore;
pub use table::RetryingTable;
