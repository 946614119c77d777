//! What a restore is asked to do, and what it will do.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

mod destination;
mod joins;
pub mod metadata;

pub use destination::{Existence, RestoreDestination};

use crate::{AccountId, Arn, Check, Invalid, Region, ResourceType, Verdict, selection::DryRunTake};

/// What to restore from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    tag = "from",
    rename_all = "snake_case",
    try_from = "crate::restore_members::SourceMembers"
)]
pub enum RestoreSource {
    /// A recovery point in a vault of AWS Backup.
    RecoveryPoint {
        /// The point.
        arn: Arn,
        /// Its vault.
        vault: String,
    },
    /// A DynamoDB backup made outside AWS Backup.
    DynamoDbBackup {
        /// The backup.
        arn: Arn,
    },
    /// A second of a table's point-in-time window.
    PointInTime {
        /// The moment; whole seconds.
        at: Timestamp,
    },
    /// A second of a table's record-level backup.
    Records {
        /// Id of the capture.
        capture: String,
        /// The moment; whole seconds.
        at: Timestamp,
        /// Just the records of this partition, as text; none for all.
        partition: Option<String>,
    },
}

/// A request for a restore, as the wizard's form sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreRequest {
    /// The resource whose data comes back.
    pub resource: Arn,
    /// What to restore from.
    pub source: RestoreSource,
    /// Name of the new table; DynamoDB only.
    pub target_table: Option<String>,
    /// The service's restore metadata as edited; every other type.
    pub metadata: BTreeMap<String, String>,
    /// The role that AWS Backup assumes; none takes the account's default.
    pub service_role: Option<String>,
    /// What to put back on a DynamoDB table.
    pub put_back: BTreeSet<PutBack>,
    /// The tags to put back instead of the source's; none puts back those of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
    /// What was typed to confirm that something that exists is changed; for the start alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<String>,
    /// Why, in the person's own words; goes into the audit log.
    pub reason: String,
}

/// What a DynamoDB restore loses and the console puts back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PutBack {
    /// The stream and its view type.
    Stream,
    /// The time-to-live attribute.
    TimeToLive,
    /// The tags.
    Tags,
    /// Point-in-time recovery and its period.
    PointInTimeRecovery,
    /// Auto scaling targets and policies of table and indexes.
    AutoScaling,
    /// Deletion protection.
    DeletionProtection,
}

impl PutBack {
    /// All of them, in the order in which they are put back.
    pub const ALL: [Self; 6] = [
        Self::Tags,
        Self::TimeToLive,
        Self::Stream,
        Self::PointInTimeRecovery,
        Self::AutoScaling,
        Self::DeletionProtection,
    ];

    /// The name in forms, URLs and step names.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stream => "stream",
            Self::TimeToLive => "time_to_live",
            Self::Tags => "tags",
            Self::PointInTimeRecovery => "point_in_time_recovery",
            Self::AutoScaling => "auto_scaling",
            Self::DeletionProtection => "deletion_protection",
        }
    }

    /// The name shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Stream => "Stream",
            Self::TimeToLive => "Time to live",
            Self::Tags => "Tags",
            Self::PointInTimeRecovery => "Point-in-time recovery",
            Self::AutoScaling => "Auto scaling",
            Self::DeletionProtection => "Deletion protection",
        }
    }

    /// Parses the name of a form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == text)
    }
}

/// The settings of a table that a restore loses, as saved and as put back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSettings {
    /// The stream's view type, when the stream is on.
    pub stream_view: Option<String>,
    /// The time-to-live attribute, when it is on.
    pub ttl_attribute: Option<String>,
    /// The tags.
    pub tags: BTreeMap<String, String>,
    /// Point-in-time recovery's period in days (1–35), when it is on.
    pub pitr_days: Option<i32>,
    /// Auto scaling targets and policies.
    pub scaling: Vec<ScalingTarget>,
    /// Deletion protection is on.
    pub deletion_protection: bool,
}

/// One scalable dimension of a table or index (`RegisterScalableTarget`, `PutScalingPolicy`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScalingTarget {
    /// `table/<name>` or `table/<name>/index/<index>` of the source.
    pub resource_id: String,
    /// For example `dynamodb:table:ReadCapacityUnits`.
    pub dimension: String,
    /// Lowest capacity.
    pub min: i32,
    /// Highest capacity.
    pub max: i32,
    /// Name of the target-tracking policy and its configuration as JSON, when there is one.
    pub policy: Option<(String, String)>,
}

/// What the wizard needs to fill its form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestorePrefill {
    /// Type of the resource.
    pub resource_type: ResourceType,
    /// Account in which the restore happens: where the recovery point lies.
    pub account: AccountId,
    /// The account's alias.
    pub alias: String,
    /// Region in which the restore happens.
    pub region: Region,
    /// A free name for the new table; DynamoDB only.
    pub suggested_table: Option<String>,
    /// The type's restore metadata is known, so that its destination can be told.
    pub is_known: bool,
    /// Restore metadata as the API proposes it, but that it makes something new.
    pub metadata: BTreeMap<String, String>,
    /// What of the table's settings can be put back, and what it is now.
    pub put_back: Vec<(PutBack, String)>,
    /// The role that AWS Backup would assume.
    pub service_role: Option<String>,
}

/// Exactly what a restore will do. Made before, shown, and applied as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestorePlan {
    /// The request as understood.
    pub request: RestoreRequest,
    /// Type of the resource.
    pub resource_type: ResourceType,
    /// Account in which everything happens.
    pub account: AccountId,
    /// Region in which everything happens.
    pub region: Region,
    /// Where the data goes; none in plans that were made before it was kept.
    #[serde(default)]
    pub destination: Option<RestoreDestination>,
    /// What must be typed to start it, because it changes something that exists, or may do so.
    #[serde(default)]
    pub confirmation: Option<String>,
    /// The selections of backup plans that take what is restored, by its tags or by its ARN.
    #[serde(default)]
    pub joins: Vec<DryRunTake>,
    /// One paragraph: what will be created, changed, kept.
    pub summary: String,
    /// What will exist afterwards that did not before.
    pub creates: Vec<String>,
    /// What will be different afterwards.
    pub changes: Vec<String>,
    /// What stays as it is.
    pub keeps: Vec<String>,
    /// What was checked.
    pub checks: Vec<Check>,
    /// The settings that will be put back.
    pub settings: TableSettings,
    /// The session policy that the run will hold: all that it can do.
    pub session_policy: String,
    /// Digest over everything above but the checks; the start names it, so that what runs is what was shown.
    pub digest: String,
}

impl RestorePlan {
    /// Nothing that was checked forbids the start.
    pub fn can_start(&self) -> bool {
        self.checks.iter().all(|c| c.verdict != Verdict::Fail)
    }

    /// Checks what was typed against what must be typed. A restore that changes nothing that exists
    /// needs nothing.
    pub fn check_confirmation(&self, typed: Option<&str>) -> Result<(), Invalid> {
        match &self.confirmation {
            Some(wanted) if typed.map(str::trim) != Some(wanted) => Err(Invalid::new(
                "confirmation",
                format!(
                    "must be exactly {wanted}, because the restore changes something that exists or may do so"
                ),
            )),
            _ => Ok(()),
        }
    }
}

/// Checks tags that are to be put on a table (`TagResource`).
pub fn check_tags(tags: &BTreeMap<String, String>) -> Result<(), Invalid> {
    let rule = |rule: String| Err(Invalid::new("tags", rule));
    if tags.len() > 50 {
        return rule("must be at most 50".to_owned());
    }
    let allowed = |c: char| c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c);
    for (key, value) in tags {
        if !(1..=128).contains(&key.chars().count()) || value.chars().count() > 256 {
            return rule(format!(
                "must have a key of 1 to 128 and a value of at most 256 characters, unlike {key}"
            ));
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return rule(format!(
                "must not begin with aws: as {key} does; AWS keeps those to itself"
            ));
        }
        if !key.chars().chain(value.chars()).all(allowed) {
            return rule(format!(
                "must be of letters, digits, spaces and _.:/=+-@, unlike {key}={value}"
            ));
        }
    }
    Ok(())
}

/// A request for an on-demand backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupRequest {
    /// What to back up.
    pub resource: Arn,
    /// The vault that takes the point.
    pub vault: String,
    /// Days until it is deleted; none keeps it for ever.
    pub delete_after_days: Option<i64>,
    /// Days until it moves to cold storage.
    pub cold_after_days: Option<i64>,
    /// The role that AWS Backup assumes; none takes the account's default.
    pub service_role: Option<String>,
    /// Why, in the person's own words.
    pub reason: String,
}
