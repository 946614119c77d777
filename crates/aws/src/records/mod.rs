//! The ports of record-level backups over the AWS SDKs: a bucket, a table, its stream.
//!
//! Items cross as text in DynamoDB's wire form (`wire`): numbers stay the digits that they are.

#[cfg(feature = "full")]
pub(crate) mod bucket;
mod caller;
#[cfg(feature = "full")]
mod clients;
mod clock;
#[cfg(feature = "full")]
mod cloud;
mod own_bucket;
mod store;
#[cfg(feature = "full")]
mod stream;
#[cfg(feature = "full")]
mod table;
#[cfg(feature = "full")]
mod wire;

#[cfg(feature = "full")]
pub(crate) use caller::Caller;
#[cfg(feature = "full")]
pub use clients::RecordsClients;
pub use clock::WallClock;
pub use own_bucket::own_bucket;
pub use store::S3Store;
#[cfg(feature = "full")]
pub(crate) use store::names::decoded;
#[cfg(feature = "full")]
pub use stream::DynamoStream;
#[cfg(feature = "full")]
pub use table::DynamoTable;
