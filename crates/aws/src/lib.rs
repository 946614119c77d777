//! Adapters from the ports of the services to the AWS SDKs.
//!
//! [`ClientFactory`] gets into accounts: it assumes their roles, keeps the credentials fresh and the
//! clients cached, and caps how many calls run at once. [`AwsCloud`] implements the port
//! [`tidemark_services::ports::Cloud`] with it, one operation per file. What went wrong with a call is
//! decided once, in [`classify`].

mod access;
mod backup;
mod classify;
mod cloud;
mod convert;
mod dynamodb;
mod ec2;
mod efs;
mod factory;
mod iam;
mod memorydb;
mod probe;
mod rds;
mod read_scope;
mod records;
mod s3;
mod scaling;
mod scope_error;

pub use classify::kind_of;
pub use cloud::AwsCloud;
pub use factory::{ClientFactory, ClientFactoryBuilder, Clock, Settings};
pub use records::{DynamoStream, DynamoTable, RecordsClients, S3Store, WallClock};
pub use scope_error::scope_error;
