//! The audit log: its entries, how they are chained, reading and verifying it.

mod entry;
mod list;
mod verify;

pub use entry::{AuditEntry, AuditOutcome, AuditRecord};
pub use list::list;
pub use verify::{ChainFault, verify};
