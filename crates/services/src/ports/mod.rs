//! What the use cases need from the outside: one trait per outside system.

mod accounts;
mod audit;
mod captures;
mod catalogue;
mod cloud;
mod cloud_error;
mod insight;
mod policies;
mod records;
mod run_items;
mod run_starts;
mod users;

pub use accounts::AccountStore;
pub use audit::{AuditFilter, AuditLog};
pub use captures::{Captures, StoredCapture};
pub use catalogue::{
    Catalogue, CopyOf, KnownVersion, PROTECTED, PartialFailure, ScopeSnapshot, SyncTurn,
    TimelineQuery,
};
pub use cloud::{
    AccessProbe, BackupJobState, BackupStart, Cloud, PlanMade, ProbeLink, RestoreJobState,
    RestoreStart, RuleBackupStart, SessionIdentity, Simulation, TableDescription, TableIdentity,
    TableMade, TableRestore, TableStatus, Target,
};
pub use cloud_error::{CloudError, CloudErrorKind};
pub use insight::{Insight, StoredPart};
pub use policies::{PolicyCloud, RoleSays, Stack, StackResource, Trial, Tried};
pub use records::{BucketFacts, Maker, RecordsAccess, RecordsCloud};
pub use run_items::{ItemOutcome, RunItems};
pub use run_starts::{RunKeys, RunStarted, RunStarts};
pub use users::{Attempt, NewUser, User, UserChange, UserChanged, UserStore};
