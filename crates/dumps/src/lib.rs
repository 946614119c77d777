//! Dumps of commands: what a command writes to its standard output is read while it streams to a bucket, and read again on
//! its way back.
//!
//! [`Inspector`] takes a stream piece by piece and keeps a bounded part of it. It unpacks zstd and gzip, reads the format
//! inside, counts what is in it and hashes it; a stream that is cut off, damaged or not what it says it is, is refused with
//! the place. [`put`] stores a stream in parts and a [`Manifest`] of it last; [`get`] brings it back and withholds its end
//! until all of it has been compared with that manifest.

mod aerospike;
mod content;
mod error;
mod format;
mod get;
mod inspect;
mod list;
mod manifest;
mod ports;
mod put;
mod rdb;
mod refusal;
mod retry;
mod source;
#[cfg(feature = "testing")]
pub mod testing;
mod unpack;

pub use content::{AerospikeContent, AsbxContent, Checked, Content, RdbContent, RdbDatabase};
pub use error::DumpError;
pub use format::Format;
pub use get::{Taker, get};
pub use inspect::{Hashed, Inspected, Inspector};
pub use list::{Listed, list};
pub use manifest::Manifest;
pub use ports::{DumpStore, Head, Keys, Pieces, StoreError, StoreErrorKind, Upload};
pub use put::{Giver, Put, PutRequest, put};
pub use refusal::Refusal;
pub use unpack::Packing;
