//! The words and rules of backups in AWS: pure, for the browser and the server alike.

mod access;
mod account;
pub mod buckets;
pub mod change;
pub mod copies;
pub mod cost;
pub mod coverage;
pub mod enrol;
pub mod exchange;
mod ids;
mod job;
mod overview;
mod page;
mod partition;
pub mod permissions;
pub mod plan;
mod point;
pub mod policy;
pub mod records;
mod resource;
pub mod restore;
mod restore_members;
pub mod runs;
pub mod schedule;
pub mod selection;
pub mod sets;
pub mod simulate;
pub mod strict;
mod text;
pub mod timeline;
mod user;
mod vault;
pub mod vaults;

pub use access::{Me, Privilege, Reach, Role};
pub use account::{
    Account, AccountCheck, AccountConnection, AccountSummary, Check, Leaving, PendingExternalId,
    Scope, ScopeCause, ScopeError, ScopeHealth, ScopeState, Verdict,
};
pub use ids::{AccountId, Arn, ExternalId, Region, RoleArn, SessionName, TableName, VaultName};
pub use job::{JobCause, JobFilter, JobOutcome, JobRow};
pub use overview::{AccountOverview, LostPermissions, Overview, OwnResources};
pub use page::Page;
pub use partition::Partition;
pub use permissions::{Feature, Features};
pub use point::{Job, JobKind, PointDetail, PointFilter, PointSource, RecoveryPoint, Tier};
pub use resource::{
    PitrWindow, Protection, Resource, ResourceDetail, ResourceFilter, ResourceRow, ResourceSort,
    ResourceType,
};
pub use restore::{
    BackupRequest, Existence, PutBack, RestoreDestination, RestorePlan, RestorePrefill,
    RestoreRequest, RestoreSource, ScalingTarget, TableSettings,
};
pub use text::Invalid;
pub use user::{NewPassword, OneTimePassword, UserState, UserSummary};
pub use vault::{
    LegalHold, LockState, Vault, VaultContents, VaultDetail, VaultFilter, VaultKind, VaultRow,
    quota,
};
