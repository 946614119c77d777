//! `AWS::Backup::BackupPlan` and `AWS::Backup::BackupSelection`.
//!
//! `CloudFormation` names some members differently (`BackupPlanRule`, `TargetBackupVault`) and refuses
//! members that it does not know. Those travel in the resource's `Metadata`, which may hold anything, by
//! their path, and come back from there.

mod export;
mod import;
mod resolve;

pub use export::to_cloudformation;
pub use import::from_cloudformation;
pub use resolve::ImportContext;

const PLAN: &str = "AWS::Backup::BackupPlan";
const SELECTION: &str = "AWS::Backup::BackupSelection";
/// The member of `Metadata` that holds what the schema has no place for.
const OURS: &str = "Tidemark";

/// Members that we do not know by name but `CloudFormation` does.
const OF_PLAN: [&str; 1] = ["AdvancedBackupSettings"];
const OF_RULE: [&str; 2] = ["IndexActions", "TargetLogicallyAirGappedBackupVaultArn"];
const OF_LIFECYCLE: [&str; 3] = [
    "DeleteAfterDays",
    "MoveToColdStorageAfterDays",
    "OptInToArchiveForSupportedResources",
];
