//! From the wire to the engine and back.

mod call;
pub(crate) mod json;

pub(crate) use call::{Call, moment};

use serde_json::Value;

use crate::error::BackupError;

/// What an operation acts on, for IAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Nothing in particular: `*`.
    Account,
    /// The vault in `backupVaultName`.
    Vault,
    /// The vault that the body names.
    VaultInBody,
    /// The point in `recoveryPointArn`.
    Point,
    /// The point that the body names.
    PointInBody,
    /// The plan in `backupPlanId`.
    Plan,
    /// The hold in `legalHoldId`.
    LegalHold,
    /// The ARN in `resourceArn`.
    Tagged,
}

/// One operation of the API.
pub(crate) struct Operation {
    /// Name in the API model.
    pub name: &'static str,
    /// HTTP method.
    pub method: &'static str,
    /// URI patterns of the API model; with and without a trailing slash where clients differ.
    pub paths: &'static [&'static str],
    /// What it acts on.
    pub target: Target,
    /// HTTP status of success.
    pub status: u16,
    /// What it does.
    pub run: fn(&Call<'_>) -> Result<Value, BackupError>,
}
