//! Dumps of commands: what a command writes to its standard output is read while it streams to a bucket, and read again on
//! its way back.
//!
//! [`Inspector`] takes a stream piece by piece and keeps a bounded part of it. It unpacks zstd and gzip, reads the format
//! inside, counts what is in it and hashes it; a stream that is cut off, damaged or not what it says it is, is refused with
//! the place.

mod aerospike;
mod content;
mod format;
mod inspect;
mod rdb;
mod refusal;
mod source;
mod unpack;

pub use content::{AerospikeContent, AsbxContent, Checked, Content, RdbContent, RdbDatabase};
pub use format::Format;
pub use inspect::{Hashed, Inspected, Inspector};
pub use refusal::Refusal;
pub use unpack::Packing;
