use std::{any::Any, collections::BTreeMap, fmt, sync::Arc};

use jiff::Timestamp;

/// A resource that the simulated AWS Backup could protect.
#[derive(Clone, Debug)]
pub struct SimResource {
    /// Full ARN, as `ListProtectedResources` would show it.
    pub arn: String,
    /// Name shown beside the ARN.
    pub name: String,
    /// Tags that selections are matched against.
    pub tags: BTreeMap<String, String>,
    /// Present size in bytes.
    pub size_bytes: u64,
}

/// The data of a resource at one moment, held by a recovery point.
#[derive(Clone)]
pub struct Captured {
    /// Size in bytes that the recovery point reports.
    pub size_bytes: u64,
    /// What `GetRecoveryPointRestoreMetadata` answers.
    pub restore_metadata: BTreeMap<String, String>,
    /// The data itself, understood only by the provider that made it.
    pub data: Arc<dyn Any + Send + Sync>,
}

impl fmt::Debug for Captured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Captured")
            .field("size_bytes", &self.size_bytes)
            .field("restore_metadata", &self.restore_metadata)
            .finish_non_exhaustive()
    }
}

/// Why a provider could not capture or restore; the text becomes the job's status message.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct ProviderError {
    /// AWS error code, for example `ResourceNotFoundException`.
    pub code: String,
    /// Message as the service would word it.
    pub message: String,
}

/// One service whose data the simulated AWS Backup protects.
///
/// Implemented in `tidemark-sandbox` over the stores of the simulated services, so that a restore
/// really restores. Calls may be slow: the job engine calls them outside its locks.
pub trait ResourceProvider: Send + Sync {
    /// The type as the Backup API names it: `DynamoDB`, `S3`, `EBS`, `EC2`, `RDS`, `EFS`, …
    fn resource_type(&self) -> &'static str;

    /// Every resource of this type in one account and Region.
    fn list(&self, account: &str, region: &str) -> Vec<SimResource>;

    /// Copies the resource's data as it is now or, where the resource keeps a journal, as it was `at`.
    fn capture(
        &self,
        account: &str,
        region: &str,
        arn: &str,
        at: Timestamp,
    ) -> Result<Captured, ProviderError>;

    /// Creates a resource from captured data; answers the ARN created.
    ///
    /// `metadata` is what the caller of `StartRestoreJob` sent, under the service's own keys.
    fn restore(
        &self,
        account: &str,
        region: &str,
        captured: &Captured,
        metadata: &BTreeMap<String, String>,
        at: Timestamp,
    ) -> Result<String, ProviderError>;

    /// Whether the type may move to cold storage.
    fn supports_cold_storage(&self) -> bool;

    /// Whether a continuous (point-in-time) backup is possible.
    fn supports_continuous(&self) -> bool;
}
