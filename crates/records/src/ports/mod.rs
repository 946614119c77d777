//! What the engine needs from the world outside: a bucket, a table, its stream, a place for
//! checkpoints, and the time. Adapters for AWS live elsewhere; [`crate::testing`] has fakes.
//!
//! Items and keys cross the ports as text in DynamoDB's wire form, for example
//! `{"id":{"S":"a"},"n":{"N":"1"}}`: numbers stay text and binary stays base64.

mod change_stream;
mod checkpoints;
mod clock;
mod error;
mod object_store;
mod source_table;
mod table_description;

pub use change_stream::{
    ChangeStream, RecordsPage, Shard, ShardIterator, StreamPosition, StreamRecord,
};
pub use checkpoints::{Checkpoints, ShardCheckpoint, ShardLease, Watermark};
pub use clock::Clock;
pub use error::{PortError, PortErrorKind};
pub use object_store::{
    Condition, GetObject, Listed, ListedVersion, Object, ObjectHead, ObjectPage, ObjectStore,
    PutObject, Stored, VersionCursor, VersionPage, Versioning,
};
pub use source_table::{
    BatchWritten, Expected, Export, ExportState, ImportRequest, ImportState, MADE_FOR, ScanPage,
    ScanRequest, SourceTable, TableWrite,
};
pub use table_description::{
    Billing, Encryption, IndexDescription, Projection, StreamDescription, StreamView,
    TableDescription, Throughput,
};
