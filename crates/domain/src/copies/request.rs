use serde::{Deserialize, Serialize};

use crate::{
    Arn, Invalid,
    change::{NewLifecycle, PointSelection},
    plan::Lifecycle,
};

/// Copies of recovery points that are asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CopyRequest {
    /// Which points.
    pub selection: PointSelection,
    /// A filter that lets every point through is meant so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all: bool,
    /// ARN of the vault that they are copied into, in any account and Region.
    pub destination: Arn,
    /// The lifecycle of the copies, in days from the creation of each source; none for that of the source.
    #[serde(default)]
    pub lifecycle: Option<NewLifecycle>,
    /// ARN of the role that AWS Backup copies as, in the account of the sources; none for AWS Backup's default role in
    /// each account.
    #[serde(default)]
    pub service_role: Option<String>,
    /// Points that AWS is expected to refuse are tried all the same.
    #[serde(default)]
    pub anyway: bool,
}

impl CopyRequest {
    /// The most points that one request may copy.
    pub const MOST: usize = 10_000;

    /// Checks what can be told from the request alone.
    pub fn check(&self) -> Result<(), Invalid> {
        let vault = self.destination.service() == "backup"
            && self
                .destination
                .resource()
                .strip_prefix("backup-vault:")
                .is_some_and(|name| !name.is_empty());
        if !vault {
            return Err(Invalid::new(
                "destination",
                "must be the ARN of a backup vault, for example arn:aws:backup:eu-central-1:111122223333:backup-vault:copies",
            ));
        }
        self.selection.check_extent(self.all)?;
        if let Some(lifecycle) = self.lifecycle {
            Lifecycle {
                move_to_cold_storage_after_days: lifecycle.cold_after_days,
                delete_after_days: lifecycle.delete_after_days,
                ..Lifecycle::default()
            }
            .check()?;
        }
        Ok(())
    }
}
