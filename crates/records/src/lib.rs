//! Record-level backups of DynamoDB tables in S3: capture, layouts, fold, proof, restore.
//!
//! Pure: what it needs from outside comes through [`ports`]. Items stay in DynamoDB's wire form
//! ([`wire`]) from end to end and never pass through a number.

pub mod key;
pub mod ports;
pub mod wire;
