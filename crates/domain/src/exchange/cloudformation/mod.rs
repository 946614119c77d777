//! `AWS::Backup::BackupPlan` and `AWS::Backup::BackupSelection`.
//!
//! `CloudFormation` names some members differently (`BackupPlanRule`, `TargetBackupVault`) and refuses
//! members that it does not know. Those travel in the resource's `Metadata`, which may hold anything, by
//! their path, and come back from there.

mod conditions;
mod context;
mod evaluate;
mod export;
mod foreach;
mod functions;
mod import;
mod parameters;
mod references;
mod resources;

pub use context::ImportContext;
pub use export::{Template, to_cloudformation};
pub use import::from_cloudformation;

const PLAN: &str = "AWS::Backup::BackupPlan";
const SELECTION: &str = "AWS::Backup::BackupSelection";
/// The member of `Metadata` that holds what the schema has no place for.
const OURS: &str = "Tidemark";
