//! Plans in the forms of others: AWS's own JSON, `CloudFormation`, Terraform.
//!
//! JSON and `CloudFormation` are read back to the same plan, unknown fields included. What reads YAML lies
//! in the services, since the browser needs no YAML parser.

mod bundle;
mod cloudformation;
mod export;
mod json;
mod terraform;
mod yaml;

pub use bundle::PlanBundle;
pub use cloudformation::{ImportContext, from_cloudformation, to_cloudformation};
pub use export::{ExchangeFormat, PlanExport};
pub use json::{from_json, normalised, to_json};
pub use terraform::{Terraform, to_terraform};
pub use yaml::to_yaml;
