use jiff::Timestamp;

use crate::model::{CreatedBy, Lifecycle, Scope};

/// State of a copy job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyJobState {
    /// Not begun.
    Created,
    /// Copies data.
    Running,
    /// Done.
    Completed,
    /// Could not be done.
    Failed,
}

impl CopyJobState {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
        }
    }
}

/// A copy job; it is kept in the source's account and Region.
#[derive(Clone, Debug)]
pub struct CopyJob {
    /// Order of creation in the whole simulation; pages are cut by it.
    pub seq: u64,
    /// UUID in capitals.
    pub id: String,
    /// Account and Region of the source.
    pub scope: Scope,
    /// Vault of the source.
    pub source_vault_arn: String,
    /// Point that is copied.
    pub source_point_arn: String,
    /// Vault that it is copied to.
    pub destination_vault_arn: String,
    /// The copy, once it exists.
    pub destination_point_arn: Option<String>,
    /// Lifecycle asked for.
    pub lifecycle: Option<Lifecycle>,
    /// What the point is a backup of.
    pub resource_arn: String,
    /// Its type.
    pub resource_type: String,
    /// Its name.
    pub resource_name: String,
    /// Role that it runs as.
    pub iam_role_arn: String,
    /// State.
    pub state: CopyJobState,
    /// Why it failed.
    pub message: Option<String>,
    /// When it was asked for.
    pub created: Timestamp,
    /// When it ended.
    pub completed: Option<Timestamp>,
    /// Size.
    pub size_bytes: u64,
    /// Plan and rule that asked for it.
    pub created_by: Option<CreatedBy>,
    /// Backup job that it follows.
    pub created_by_backup_job: Option<String>,
}
