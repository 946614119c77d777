//! Who may do what in the console.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// A console role. What each may do is settled by [`Role::allows`] alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads everything but the audit log.
    Viewer,
    /// Reads, backs up and restores the resources that are theirs by tag or grant.
    Owner,
    /// Reads everything, backs up and restores everything, manages backup plans and recovery points.
    Operator,
    /// Everything, accounts and users too.
    Admin,
    /// Reads everything, the audit log too; changes nothing.
    Auditor,
}

impl Role {
    /// Every role, in the order in which pages list them.
    pub const ALL: [Self; 5] = [
        Self::Viewer,
        Self::Owner,
        Self::Operator,
        Self::Admin,
        Self::Auditor,
    ];

    /// The stored and displayed name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Owner => "owner",
            Self::Operator => "operator",
            Self::Admin => "admin",
            Self::Auditor => "auditor",
        }
    }

    /// What the role is for, in a few words.
    pub const fn explain(self) -> &'static str {
        match self {
            Self::Viewer => "sees everything but the audit log, changes nothing",
            Self::Owner => "sees, backs up and restores what the tag owner says is theirs",
            Self::Operator => {
                "backs up and restores everything, manages backup plans and recovery points"
            }
            Self::Admin => "does everything, accounts and users too",
            Self::Auditor => "sees everything, the audit log too, changes nothing",
        }
    }

    /// Parses a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// How far the role's use of a privilege reaches; deny by default.
    pub fn allows(self, privilege: Privilege) -> Reach {
        use Privilege as P;
        match (self, privilege) {
            (Self::Admin, _)
            | (
                Self::Operator,
                P::ReadCatalogue
                | P::ReadRuns
                | P::Backup
                | P::Restore
                | P::ControlRuns
                | P::ReadPlans
                | P::ManagePlans
                | P::ReadVaults
                | P::ReadBuckets
                | P::ManageBuckets
                | P::ManagePoints
                | P::ManageVaults
                | P::ReadRecords
                | P::ManageRecords
                | P::ReadPermissions
                | P::Refresh,
            )
            | (
                Self::Auditor,
                P::ReadCatalogue
                | P::ReadPlans
                | P::ReadVaults
                | P::ReadBuckets
                | P::ReadPermissions
                | P::ReadRuns
                | P::ReadAudit,
            )
            | (
                Self::Viewer,
                P::ReadCatalogue
                | P::ReadPlans
                | P::ReadVaults
                | P::ReadBuckets
                | P::ReadPermissions
                | P::ReadRuns,
            ) => Reach::All,
            (
                Self::Owner,
                P::ReadCatalogue
                | P::ReadRuns
                | P::Backup
                | P::Restore
                | P::ControlRuns
                | P::ReadRecords,
            ) => Reach::Owned,
            _ => Reach::None,
        }
    }
}

impl FromStr for Role {
    type Err = Invalid;

    /// Parses what a person types; the error names every role.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text.trim()).ok_or_else(|| {
            let all = Self::ALL.map(Self::as_str).join(", ");
            Invalid::new("role", format!("must be one of {all}"))
        })
    }
}

/// How far a privilege reaches for a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reach {
    /// Not at all.
    None,
    /// Only resources that belong to the caller, and runs that the caller started.
    Owned,
    /// Everything.
    All,
}

/// What a use case needs. Each use case names exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Privilege {
    /// See accounts, resources, recovery points and their freshness.
    ReadCatalogue,
    /// See vaults, their locks, policies and legal holds.
    ReadVaults,
    /// Create vaults, and delete empty ones.
    ManageVaults,
    /// Lock vaults, change their access policies, make and release legal holds.
    ProtectVaults,
    /// See how buckets are set up, and the names and sizes of what lies in them.
    ReadBuckets,
    /// Change buckets' settings, and copy what lies in them.
    ManageBuckets,
    /// Delete recovery points and change their lifecycles.
    ManagePoints,
    /// See runs and their logs.
    ReadRuns,
    /// Start a backup.
    Backup,
    /// Plan and start a restore.
    Restore,
    /// Cancel and retry runs.
    ControlRuns,
    /// See backup plans, their versions and what they take.
    ReadPlans,
    /// Create, change, delete, run and roll out backup plans.
    ManagePlans,
    /// Ask for a re-sync of a scope.
    Refresh,
    /// Add, change, check and remove accounts.
    ManageAccounts,
    /// Add, change and remove users.
    ManageUsers,
    /// Read the audit log.
    ReadAudit,
    /// Add, change and remove controls.
    ManageControls,
    /// See what records of a table held.
    ReadRecords,
    /// Set up, prove, stop and forget record-level backups.
    ManageRecords,
    /// See what the accounts' roles may do.
    ReadPermissions,
    /// See and change who else may use a bucket.
    ManagePolicies,
}

impl Privilege {
    /// Every privilege.
    pub const ALL: [Self; 22] = [
        Self::ReadCatalogue,
        Self::ReadVaults,
        Self::ManageVaults,
        Self::ProtectVaults,
        Self::ReadBuckets,
        Self::ManageBuckets,
        Self::ManagePoints,
        Self::ReadRuns,
        Self::Backup,
        Self::Restore,
        Self::ControlRuns,
        Self::ReadPlans,
        Self::ManagePlans,
        Self::Refresh,
        Self::ManageAccounts,
        Self::ManageUsers,
        Self::ReadAudit,
        Self::ManageControls,
        Self::ReadRecords,
        Self::ManageRecords,
        Self::ReadPermissions,
        Self::ManagePolicies,
    ];
}

/// The signed-in person as the pages see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Login name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// The first password was generated and must be changed before anything else.
    pub must_change_password: bool,
}

impl Me {
    /// Whether a control that needs `privilege` is worth showing.
    pub fn may(&self, privilege: Privilege) -> bool {
        self.role.allows(privilege) != Reach::None
    }
}
