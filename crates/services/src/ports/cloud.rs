use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tidemark_domain::{
    AccountConnection, Arn, BackupRequest, PitrWindow, Region, ScalingTarget, SessionName,
    TableSettings,
    change::NewLifecycle,
    permissions::DeniedBy,
    plan::{BackupPlan, BackupRule, PlanRecord},
    selection::BackupSelection,
};

use super::{CloudError, CopyCloud, ScopeSnapshot};

/// Where a call goes and as whom: an account's role in a Region, for one purpose.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// How to get into the account.
    pub connection: AccountConnection,
    /// The Region.
    pub region: Region,
    /// Who asks, and how far the credentials reach.
    pub session: SessionIdentity,
}

/// Who asks, as CloudTrail will show it, and how far the credentials reach.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionIdentity {
    /// `RoleSessionName`, for example `sync` or a run's id.
    pub session_name: SessionName,
    /// `SourceIdentity`: the console user. None for the console's own reading.
    pub source_identity: Option<SessionName>,
    /// Inline session policy (JSON). None leaves the role's full reach.
    pub policy: Option<String>,
}

/// AWS, as the use cases need it. Every call goes to one account and Region through its role.
///
/// Writes take tokens or client-chosen names, so that a repeated call has one effect.
#[async_trait]
pub trait Cloud: CopyCloud + Send + Sync {
    /// Tries every link of the way into an account: endpoint, own credentials, role, trust,
    /// external id, permissions. Never fails: what breaks is in the answer.
    async fn probe(&self, target: &Target) -> AccessProbe;

    /// Reads everything that the catalogue keeps of a scope. A service that cannot be read does not
    /// hide the others: its failure is listed in [`ScopeSnapshot::partial`].
    async fn read_scope(&self, target: &Target) -> Result<ScopeSnapshot, CloudError>;

    /// `StartBackupJob`; answers the job id.
    async fn start_backup(
        &self,
        target: &Target,
        start: &BackupStart,
    ) -> Result<String, CloudError>;

    /// `StartBackupJob` as a rule of a plan would; answers the job id.
    async fn start_rule_backup(
        &self,
        target: &Target,
        start: &RuleBackupStart,
    ) -> Result<String, CloudError>;

    /// `GetBackupPlan`, `ListBackupSelections` and `GetBackupSelection`: the plan in force with its
    /// selections; none when there is no such plan, or not any more.
    async fn plan(&self, target: &Target, id: &str) -> Result<Option<PlanRecord>, CloudError>;

    /// `CreateBackupPlan`. The same token answers the same plan, and keeps its first content.
    async fn create_plan(
        &self,
        target: &Target,
        plan: &BackupPlan,
        token: &str,
    ) -> Result<PlanMade, CloudError>;

    /// `UpdateBackupPlan`: makes a new version.
    async fn update_plan(
        &self,
        target: &Target,
        id: &str,
        plan: &BackupPlan,
    ) -> Result<PlanMade, CloudError>;

    /// `DeleteBackupPlan`. A plan that still has selections is refused; one that is gone is no error.
    async fn delete_plan(&self, target: &Target, id: &str) -> Result<(), CloudError>;

    /// `CreateBackupSelection`; answers its id. The same token answers the same selection.
    async fn create_selection(
        &self,
        target: &Target,
        plan_id: &str,
        selection: &BackupSelection,
        token: &str,
    ) -> Result<String, CloudError>;

    /// `DeleteBackupSelection`. One that is gone is no error.
    async fn delete_selection(
        &self,
        target: &Target,
        plan_id: &str,
        id: &str,
    ) -> Result<(), CloudError>;

    /// `DescribeBackupJob`.
    async fn backup_job(&self, target: &Target, job_id: &str)
    -> Result<BackupJobState, CloudError>;

    /// `StopBackupJob`.
    async fn stop_backup(&self, target: &Target, job_id: &str) -> Result<(), CloudError>;

    /// `GetRecoveryPointRestoreMetadata`.
    async fn restore_metadata(
        &self,
        target: &Target,
        vault: &str,
        point: &Arn,
    ) -> Result<BTreeMap<String, String>, CloudError>;

    /// Whether a bucket of this name exists, in whichever account and Region: names of buckets are
    /// unique in a whole partition (`GetBucketLocation`).
    async fn bucket_exists(&self, target: &Target, name: &str) -> Result<bool, CloudError>;

    /// `StartRestoreJob`; answers the job id.
    async fn start_restore(
        &self,
        target: &Target,
        start: &RestoreStart,
    ) -> Result<String, CloudError>;

    /// `DescribeRestoreJob`.
    async fn restore_job(
        &self,
        target: &Target,
        job_id: &str,
    ) -> Result<RestoreJobState, CloudError>;

    /// `DeleteRecoveryPoint`. A point that is not there is not found.
    async fn delete_point(
        &self,
        target: &Target,
        vault: &str,
        point: &Arn,
    ) -> Result<(), CloudError>;

    /// `UpdateRecoveryPointLifecycle`; days that are none are never.
    async fn update_lifecycle(
        &self,
        target: &Target,
        vault: &str,
        point: &Arn,
        lifecycle: NewLifecycle,
    ) -> Result<(), CloudError>;

    /// `DescribeTable` and what belongs to it; none when there is no such table.
    async fn table(
        &self,
        target: &Target,
        name: &str,
    ) -> Result<Option<TableDescription>, CloudError>;

    /// Reads the settings that a restore would lose: stream, TTL, tags, PITR, auto scaling, protection.
    async fn table_settings(
        &self,
        target: &Target,
        name: &str,
    ) -> Result<TableSettings, CloudError>;

    /// Tags a table, so that a run can recognise what it made.
    async fn tag_table(
        &self,
        target: &Target,
        table: &Arn,
        tags: &BTreeMap<String, String>,
    ) -> Result<(), CloudError>;

    /// The tags of a table.
    async fn table_tags(
        &self,
        target: &Target,
        table: &Arn,
    ) -> Result<BTreeMap<String, String>, CloudError>;

    /// `RestoreTableToPointInTime` or `RestoreTableFromBackup`.
    async fn restore_table(
        &self,
        target: &Target,
        restore: &TableRestore,
    ) -> Result<TableMade, CloudError>;

    /// `UpdateTable` with a `StreamSpecification` of this view type.
    async fn put_stream(&self, target: &Target, table: &str, view: &str) -> Result<(), CloudError>;

    /// `UpdateTimeToLive`.
    async fn put_time_to_live(
        &self,
        target: &Target,
        table: &str,
        attribute: &str,
    ) -> Result<(), CloudError>;

    /// `UpdateContinuousBackups` with a recovery period in days.
    async fn put_point_in_time_recovery(
        &self,
        target: &Target,
        table: &str,
        days: i32,
    ) -> Result<(), CloudError>;

    /// `RegisterScalableTarget` and `PutScalingPolicy`.
    async fn put_scaling(&self, target: &Target, scaling: &ScalingTarget)
    -> Result<(), CloudError>;

    /// `UpdateTable` with `DeletionProtectionEnabled`.
    async fn put_deletion_protection(
        &self,
        target: &Target,
        table: &str,
        on: bool,
    ) -> Result<(), CloudError>;

    /// `DeleteTable`. Succeeds when the table is gone already.
    async fn delete_table(&self, target: &Target, table: &str) -> Result<(), CloudError>;

    /// `SimulatePrincipalPolicy` for the role: each action with whether it is allowed on every one of
    /// the resources, and what denies it else; an error when the role may not ask.
    async fn simulate(
        &self,
        target: &Target,
        simulation: &Simulation,
    ) -> Result<BTreeMap<String, Evaluated>, CloudError>;

    /// Whether the role lets the console in just now: `AssumeRole`, past any credentials that are held.
    async fn assume(&self, target: &Target) -> Result<(), CloudError>;
}

/// What a role's policies say to an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evaluated {
    /// It is allowed.
    Allowed,
    /// It is denied.
    Denied(DeniedBy),
}

/// What is asked of a role's policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simulation {
    /// Actions as IAM names them; none is a pattern.
    pub actions: Vec<String>,
    /// ARNs, or `*` for no resource in particular.
    pub resources: Vec<String>,
    /// Condition keys with what the request will say of them.
    pub context: BTreeMap<String, String>,
}

/// How far the way into an account leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessProbe {
    /// The links in order; the first broken one ends the list.
    pub links: Vec<ProbeLink>,
    /// Actions that were tried, with whether AWS let the role do them. What failed for another reason is not
    /// among them.
    pub tried: BTreeMap<String, bool>,
}

/// One link of the way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeLink {
    /// What was tried, for example `Assume the role`.
    pub name: String,
    /// What was found when it works.
    pub detail: String,
    /// Why it is broken: the cause told apart, a sentence, and the fix.
    pub broken: Option<tidemark_domain::ScopeError>,
    /// It works only in part: a warning in a sentence.
    pub warning: Option<String>,
}

/// An on-demand backup to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupStart {
    /// As asked for.
    pub request: BackupRequest,
    /// The role that AWS Backup assumes.
    pub service_role: String,
    /// `IdempotencyToken`.
    pub token: String,
}

/// A backup of one resource as a rule of a plan makes it, started by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleBackupStart {
    /// What to back up.
    pub resource: Arn,
    /// The rule: its vault, windows, lifecycle, tags and copies are taken over as far as the API
    /// takes them; `StartBackupJob` makes no copies.
    pub rule: BackupRule,
    /// The role that AWS Backup assumes.
    pub service_role: String,
    /// `IdempotencyToken`.
    pub token: String,
}

/// A plan that was created or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanMade {
    /// `BackupPlanId`.
    pub id: String,
    /// ARN.
    pub arn: Arn,
    /// `VersionId` of the version in force.
    pub version_id: String,
}

/// A backup job as `DescribeBackupJob` tells.
#[derive(Clone, Debug, PartialEq)]
pub struct BackupJobState {
    /// Status as AWS words it.
    pub status: String,
    /// Why.
    pub message: Option<String>,
    /// 0 to 100.
    pub percent: Option<f64>,
    /// The point, once it has one.
    pub recovery_point: Option<Arn>,
    /// Bytes transferred.
    pub bytes: Option<i64>,
}

/// A restore by AWS Backup to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoreStart {
    /// The point.
    pub point: Arn,
    /// Type of the resource.
    pub resource_type: tidemark_domain::ResourceType,
    /// Restore metadata.
    pub metadata: BTreeMap<String, String>,
    /// The role that AWS Backup assumes.
    pub service_role: String,
    /// `IdempotencyToken`.
    pub token: String,
}

/// A restore job as `DescribeRestoreJob` tells.
#[derive(Clone, Debug, PartialEq)]
pub struct RestoreJobState {
    /// Status as AWS words it.
    pub status: String,
    /// Why.
    pub message: Option<String>,
    /// 0 to 100, as AWS words it (`PercentDone` is text such as `42.00%`).
    pub percent: Option<f64>,
    /// What was created.
    pub created: Option<Arn>,
    /// When it ended, by AWS's clock.
    pub completed_at: Option<Timestamp>,
}

/// A restore by DynamoDB itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TableRestore {
    /// `RestoreTableToPointInTime`.
    PointInTime {
        /// ARN of the source table.
        source: Arn,
        /// Name of the new table.
        target: String,
        /// The second.
        at: Timestamp,
    },
    /// `RestoreTableFromBackup`.
    Backup {
        /// ARN of the backup.
        backup: Arn,
        /// Name of the new table.
        target: String,
    },
}

/// A table that a restore makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableMade {
    /// ARN.
    pub arn: Arn,
    /// What tells it from any other; its time of creation is for [`Cloud::table`] to say.
    pub identity: TableIdentity,
}

/// What tells a table from another one that has its name, and with it its ARN, before or after it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableIdentity {
    /// `TableId`, which DynamoDB gives each table that it makes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `CreationDateTime`, by AWS's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
}

impl TableIdentity {
    /// Whether both are of the same table; none when they have nothing in common to tell by.
    pub fn is(&self, other: &Self) -> Option<bool> {
        let by_id = self.id.as_ref().zip(other.id.as_ref());
        let by_time = self.created_at.zip(other.created_at);
        match (by_id, by_time) {
            (Some((mine, theirs)), _) => Some(mine == theirs),
            (None, Some((mine, theirs))) => Some(mine == theirs),
            (None, None) => None,
        }
    }
}

/// A table's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableDescription {
    /// ARN.
    pub arn: Arn,
    /// What tells it from another of the same name.
    pub identity: TableIdentity,
    /// State.
    pub status: TableStatus,
    /// Item count as DynamoDB last counted it.
    pub items: i64,
    /// Size in bytes as DynamoDB last counted it.
    pub bytes: i64,
    /// The point-in-time window, when recovery is on.
    pub pitr: Option<PitrWindow>,
    /// What it was restored from (`RestoreSummary`): source table, backup, and the second.
    pub restored_from: Option<(Option<Arn>, Option<Arn>, Timestamp)>,
}

/// A table's status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableStatus {
    /// `ACTIVE`
    Active,
    /// `CREATING`, `UPDATING` and the like.
    Busy(String),
    /// `DELETING`
    Deleting,
}
