//! Record-level capture of DynamoDB streams as a Lambda function: the same apply function as the
//! embedded streamer's, so that both leave the same bytes.
//!
//! `cargo xtask lambda` makes the zip; `template.yaml`, which `tidemark records function-template`
//! prints, deploys it.

mod function;
mod response;
mod settings;
mod window;

pub use function::{Function, FunctionError};
pub use response::{ItemFailure, Response};
pub use settings::{Settings, SettingsError};
