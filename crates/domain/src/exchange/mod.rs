//! Plans in the forms of others: AWS's own JSON, `CloudFormation`, Terraform.
//!
//! JSON and `CloudFormation` are read back to the same plan, unknown fields included; of Terraform what `terraform show -json`
//! prints. What reads YAML lies in the services, since the browser needs no YAML parser.

mod bundle;
mod cloudformation;
mod coerce;
mod export;
mod json;
mod lint;
mod neighbours;
mod node;
mod organizations;
mod schema;
mod terraform;
mod unknown;
mod yaml;

pub use bundle::{PlanBundle, Reading};
pub use cloudformation::{ImportContext, Template, from_cloudformation, to_cloudformation};
pub use export::{ExchangeFormat, PlanExport};
pub use json::{from_json, normalised, to_json};
pub use lint::lint;
pub use neighbours::neighbour;
pub use organizations::{from_backup_policy, is_backup_policy};
pub use terraform::{Terraform, from_terraform, is_terraform, to_terraform};
pub use unknown::{Unknown, require_known};
pub use yaml::to_yaml;
