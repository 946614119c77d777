//! Adapters from the ports of the services to the AWS SDKs.
//!
//! [`ClientFactory`] gets into accounts: it assumes their roles, keeps the credentials fresh and the
//! clients cached, and caps how many calls run at once. [`AwsCloud`] implements the port
//! [`tidemark_services::ports::Cloud`] with it, one operation per file. What went wrong with a call is
//! decided once, in `classify`.
//!
//! Without the feature `full`, which is on by default, only the bucket of record-level backups is
//! left ([`own_bucket`]): what a Lambda function needs that stores a stream's changes.

#![cfg_attr(
    not(feature = "full"),
    expect(
        dead_code,
        reason = "one bucket needs little of what all clients share"
    )
)]

#[cfg(feature = "full")]
mod access;
#[cfg(feature = "full")]
mod backup;
#[cfg(feature = "full")]
mod buckets;
mod classify;
#[cfg(feature = "full")]
mod cloud;
#[cfg(feature = "full")]
mod cloudformation;
mod convert;
#[cfg(feature = "full")]
mod copies;
#[cfg(feature = "full")]
mod dumps;
#[cfg(feature = "full")]
mod dynamodb;
#[cfg(feature = "full")]
mod ec2;
#[cfg(feature = "full")]
mod efs;
mod endpoints;
#[cfg(feature = "full")]
mod factory;
#[cfg(feature = "full")]
mod iam;
#[cfg(feature = "full")]
mod memorydb;
#[cfg(feature = "full")]
mod policies;
#[cfg(feature = "full")]
mod probe;
#[cfg(feature = "full")]
mod rds;
#[cfg(feature = "full")]
mod read_scope;
mod records;
#[cfg(feature = "full")]
mod s3;
#[cfg(feature = "full")]
mod scaling;
#[cfg(feature = "full")]
mod scope_error;

pub use classify::kind_of;
#[cfg(feature = "full")]
pub use cloud::AwsCloud;
#[cfg(feature = "full")]
pub use dumps::S3Dumps;
#[cfg(feature = "full")]
pub use factory::{ClientFactory, ClientFactoryBuilder, Clock, Settings};
#[cfg(feature = "full")]
pub use records::{DynamoStream, DynamoTable, RecordsClients};
pub use records::{S3Store, WallClock, own_bucket};
#[cfg(feature = "full")]
pub use scope_error::scope_error;
