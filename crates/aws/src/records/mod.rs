//! The ports of record-level backups over the AWS SDKs: a bucket, a table, its stream.
//!
//! Items cross as text in DynamoDB's wire form ([`wire`]): numbers stay the digits that they are.

mod bucket;
mod caller;
mod clients;
mod clock;
mod cloud;
mod store;
mod stream;
mod table;
mod wire;

pub use clients::RecordsClients;
pub use clock::WallClock;
pub use store::S3Store;
pub use stream::DynamoStream;
pub use table::DynamoTable;
