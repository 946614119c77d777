use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_domain::{Arn, change::NewLifecycle, copies::PointKey};

use super::{CloudError, Target};

/// Copies of recovery points, and what AWS can be asked beforehand of what they depend on.
#[async_trait]
pub trait CopyCloud: Send + Sync {
    /// `StartCopyJob`; answers the job id. The same token answers the same job.
    async fn start_copy(&self, target: &Target, start: &CopyStart) -> Result<String, CloudError>;

    /// `DescribeCopyJob`.
    async fn copy_job(&self, target: &Target, job_id: &str) -> Result<CopyJobState, CloudError>;

    /// `ListRecoveryPointsByBackupVault`: which key encrypts each point of a vault that was made in a span of time.
    async fn point_keys(
        &self,
        target: &Target,
        of: &KeysOf,
    ) -> Result<BTreeMap<Arn, PointKey>, CloudError>;

    /// `DescribeKey`: whether the key is managed by AWS.
    async fn key_is_of_aws(&self, target: &Target, key: &str) -> Result<bool, CloudError>;

    /// `GetKeyPolicy` of a customer managed key.
    async fn key_policy(&self, target: &Target, key: &str) -> Result<String, CloudError>;

    /// `DescribeOrganization`: the id of the organization that the account is a member of; none for none.
    async fn organization(&self, target: &Target) -> Result<Option<String>, CloudError>;

    /// `DescribeGlobalSettings`: whether the organization lets backups cross accounts.
    async fn cross_account_backup(&self, target: &Target) -> Result<bool, CloudError>;
}

/// A copy to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyStart {
    /// The point.
    pub point: Arn,
    /// The vault that it lies in.
    pub vault: String,
    /// ARN of the vault that it is copied into.
    pub destination: Arn,
    /// The lifecycle of the copy; none for that of the source.
    pub lifecycle: Option<NewLifecycle>,
    /// The role that AWS Backup assumes.
    pub service_role: String,
    /// `IdempotencyToken`.
    pub token: String,
}

/// A copy job as `DescribeCopyJob` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyJobState {
    /// Status as AWS words it.
    pub status: String,
    /// Why.
    pub message: Option<String>,
    /// The copy, once there is one.
    pub copy: Option<Arn>,
}

/// Whose keys are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeysOf {
    /// The vault.
    pub vault: String,
    /// Points made then or later.
    pub from: Timestamp,
    /// Points made then or earlier.
    pub until: Timestamp,
    /// No more points than so many are read.
    pub at_most: usize,
}
