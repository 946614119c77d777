//! The simulated AWS that ships with the console.
//!
//! It speaks the wire protocols of STS, IAM, S3, DynamoDB with streams, Backup, EC2, RDS, EFS,
//! `MemoryDB`, Organizations, KMS and Application Auto Scaling on one loopback endpoint, for any
//! number of accounts: an access key id of 12 digits is that account's root.
//!
//! ```no_run
//! # async fn example() -> Result<(), tidemark_sandbox::SandboxError> {
//! use tidemark_sandbox::{Sandbox, SandboxConfig};
//!
//! let sandbox = Sandbox::start(SandboxConfig::default()).await?;
//! println!("AWS_ENDPOINT_URL={}", sandbox.endpoint_url());
//! sandbox.shutdown().await
//! # }
//! ```

mod admin;
mod authz;
mod calls;
mod config;
mod contents;
mod demo;
mod error;
mod faults;
mod gateway;
mod identity;
mod providers;
mod server;
mod services;

pub use calls::{CallFilter, CallLog, CallRecord};
pub use config::{Estate, SandboxConfig};
pub use contents::Contents;
pub use demo::{DemoAccount, demo_accounts};
pub use error::SandboxError;
pub use faults::{FaultKind, FaultRule, Faults};
pub use server::{RunningSandbox, Sandbox};
pub use services::cloudformation::{NewStack, StackResource, Stacks};
/// The clock of the simulated AWS.
pub use tidemark_sandbox_backup::SimClock;
