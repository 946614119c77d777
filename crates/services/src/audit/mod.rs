//! The audit log: its entries, how they are chained, reading and verifying it.

mod entry;
mod list;
mod refusals;
mod verify;

pub use entry::{AuditEntry, AuditOutcome, AuditRecord};
pub use list::list;
pub use refusals::Refusals;
pub(crate) use refusals::{Admitted, words as counted_words};
pub use verify::{ChainFault, verify};
