//! What the use cases need from the outside: one trait per outside system.

mod accounts;
mod audit;
mod buckets;
mod captures;
mod catalogue;
mod cloud;
mod cloud_error;
mod copies;
mod hooks;
mod insight;
mod permissions;
mod policies;
mod records;
mod run_items;
mod run_starts;
mod sets;
mod users;
mod vaults;

pub use accounts::AccountStore;
pub use audit::{AuditFilter, AuditLog};
pub use buckets::{Buckets, ListAsk, ObjectCopied, ObjectCopy, ObjectHead, ObjectLocked};
pub use captures::{Captures, StoredCapture};
pub use catalogue::{
    Catalogue, CopyOf, KnownVersion, PROTECTED, PartialFailure, ScopeSnapshot, SyncTurn,
    TimelineQuery,
};
pub use cloud::{
    AccessProbe, BackupJobState, BackupStart, Cloud, Evaluated, PlanMade, ProbeLink,
    RestoreJobState, RestoreStart, RuleBackupStart, SessionIdentity, Simulation, TableDescription,
    TableIdentity, TableMade, TableRestore, TableStatus, Target,
};
pub use cloud_error::{CloudError, CloudErrorKind};
pub use copies::{CopyCloud, CopyJobState, CopyStart, KeysOf};
pub use hooks::{HookAnswer, HookCall, HookError, Hooks};
pub use insight::{Insight, StoredPart};
pub use permissions::{PermissionTurn, Permissions};
pub use policies::{PolicyCloud, RoleSays, Stack, StackResource, Trial, Tried};
pub use records::{BucketFacts, Maker, RecordsAccess, RecordsCloud};
pub use run_items::{ItemOutcome, RunItems};
pub use run_starts::{RunKeys, RunStarted, RunStarts};
pub use sets::SetStore;
pub use users::{Attempt, NewUser, User, UserChange, UserChanged, UserStore};
pub use vaults::{FoundVault, VaultCloud};
