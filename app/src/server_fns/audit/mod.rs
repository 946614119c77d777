//! The audit log.

mod list;
mod rows;
mod verify;

pub use list::{ListAudit, list_audit};
pub use rows::{AuditQuery, AuditRow, ChainState};
pub use verify::{VerifyAudit, verify_audit};
