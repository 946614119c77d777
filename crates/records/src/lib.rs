//! Record-level backups of DynamoDB tables in S3: capture, layouts, fold, proof, restore.
//!
//! Pure: what it needs from outside comes through [`ports`]. Items stay in DynamoDB's wire form
//! ([`wire`]) from end to end and never pass through a number.

mod error;

pub mod capture;
pub mod checkpoints;
pub mod compact;
mod compare;
pub mod diff;
pub mod digest;
pub mod event;
pub mod import;
pub mod index;
pub mod key;
pub mod lines;
pub mod objects;
pub mod ports;
pub mod proof;
mod redact;
pub mod restore;
pub mod retry;
pub mod scan;
pub mod segment;
pub mod snapshot;
mod spool;
pub mod states;
#[cfg(feature = "testing")]
pub mod testing;
pub mod wire;

pub use error::{RecordsError, Trouble};
pub use redact::without_records;
