//! One object per record, each version a change: compatible with dynamodb-replicator.
//!
//! Ours are named by SHA-256 over the name-sorted key and say in user metadata which change they
//! are. A deletion is written as a **tombstone** (a version that holds the key and the metadata)
//! and then as S3's delete marker, which can hold neither. All names and forms of the older tool
//! are read.

mod histories;
mod metadata;
mod name_set;
mod odd_names;
mod read;
mod resolve;
mod write;

pub use histories::{HistoriesPage, History, ObjectHistories};
pub use metadata::{ObjectNote, WRITER};
pub use odd_names::OddNames;
pub use read::ObjectStates;
pub(crate) use resolve::Resolver;
pub use write::{ObjectWriter, Written};
