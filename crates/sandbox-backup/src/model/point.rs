use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;

use crate::{
    model::{CalculatedLifecycle, CreatedBy, Lifecycle, Scope, VaultType, lifecycle::days_after},
    provider::Captured,
};

/// Status of a recovery point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointStatus {
    /// The job still writes it.
    Creating,
    /// A continuous point that is being kept up to date.
    Available,
    /// A finished snapshot.
    Completed,
    /// A continuous point that is no longer fed.
    Stopped,
    /// It should be gone but could not be deleted.
    Expired,
}

impl PointStatus {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Creating => "CREATING",
            Self::Available => "AVAILABLE",
            Self::Completed => "COMPLETED",
            Self::Stopped => "STOPPED",
            Self::Expired => "EXPIRED",
        }
    }
}

/// The window of a continuous (point-in-time) recovery point.
#[derive(Clone, Debug)]
pub struct Continuous {
    /// When recording began.
    pub since: Timestamp,
    /// When recording ended, for a stopped point.
    pub until: Option<Timestamp>,
    /// How many days back it reaches, at most 35.
    pub days: i64,
}

impl Continuous {
    /// The earliest second that can be restored at `now`.
    pub fn earliest(&self, now: Timestamp) -> Timestamp {
        let reach = days_after(now, -self.days).unwrap_or(self.since);
        self.since.max(reach)
    }
}

/// A recovery point.
#[derive(Clone, Debug)]
pub struct RecoveryPoint {
    /// Order of creation in the whole simulation; pages are cut by it.
    pub seq: u64,
    /// ARN in the form of the type.
    pub arn: String,
    /// Account and Region that hold it.
    pub scope: Scope,
    /// Name of the vault.
    pub vault: String,
    /// ARN of the vault.
    pub vault_arn: String,
    /// Kind of vault.
    pub vault_type: VaultType,
    /// For a copy, the vault it came from.
    pub source_vault_arn: Option<String>,
    /// What it is a backup of.
    pub resource_arn: String,
    /// Type of that resource.
    pub resource_type: String,
    /// Name of that resource.
    pub resource_name: String,
    /// Status.
    pub status: PointStatus,
    /// Why, for a status that needs a reason.
    pub status_message: Option<String>,
    /// When the backup was made. A copy keeps its source's date, and its lifecycle counts from it.
    pub created: Timestamp,
    /// When the job that made it began.
    pub initiated: Timestamp,
    /// When the job that made it was done.
    pub completed: Option<Timestamp>,
    /// Size.
    pub size_bytes: u64,
    /// What was asked for.
    pub lifecycle: Lifecycle,
    /// Whether this type (and this request) moves to cold storage at all.
    pub cold_supported: bool,
    /// When it moved to cold storage, once it has.
    pub cold_since: Option<Timestamp>,
    /// A copy that never expires by itself keeps its source's expiry.
    pub inherited_delete_at: Option<Timestamp>,
    /// Key that encrypts it, if any.
    pub encryption_key_arn: Option<String>,
    /// Whether that key is one of AWS's own.
    pub aws_managed_key: bool,
    /// Role that made it.
    pub iam_role_arn: String,
    /// Plan and rule that made it.
    pub created_by: Option<CreatedBy>,
    /// The window, for a continuous point.
    pub continuous: Option<Continuous>,
    /// The data.
    pub captured: Option<Arc<Captured>>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// When it was last restored from.
    pub last_restore: Option<Timestamp>,
}

impl RecoveryPoint {
    /// The dates that follow from the lifecycle. A continuous point that is still fed has none.
    pub fn calculated_lifecycle(&self) -> CalculatedLifecycle {
        if let Some(window) = &self.continuous {
            return CalculatedLifecycle {
                move_to_cold_storage_at: None,
                delete_at: window
                    .until
                    .and_then(|until| days_after(until, window.days)),
            };
        }
        let mut dates = self.lifecycle.calculated(self.created, self.cold_supported);
        dates.delete_at = dates.delete_at.or(self.inherited_delete_at);
        dates
    }

    /// `WARM` or `COLD`.
    pub fn storage_class(&self) -> &'static str {
        if self.cold_since.is_some() {
            "COLD"
        } else {
            "WARM"
        }
    }

    pub(crate) fn restorable(&self) -> bool {
        self.status != PointStatus::Creating
    }
}
