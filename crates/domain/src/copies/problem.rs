use serde::{Deserialize, Serialize};

use crate::{AccountId, ResourceType};

/// What stands in the way of a copy. Before a copy starts and after its job failed it has the same words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "problem")]
pub enum CopyProblem {
    /// The point lies in no vault of AWS Backup.
    OutsideVaults,
    /// The point is a member of a composite point.
    Member,
    /// The point is not complete.
    Busy,
    /// The point is in cold storage.
    Cold,
    /// The point lies in the destination already.
    SameVault,
    /// The destination is not there.
    NoVault {
        /// ARN of the vault.
        vault: String,
    },
    /// The destination is a vault that only restores.
    RestoreAccessVault,
    /// The accounts are not in one organization.
    OtherOrganization {
        /// Account of the point.
        source: AccountId,
        /// Account of the vault.
        destination: AccountId,
    },
    /// The organization lets no backups cross accounts.
    CrossAccountOff,
    /// The destination's access policy does not let the account in.
    VaultPolicy {
        /// Name of the vault.
        vault: String,
        /// The account that copies.
        account: AccountId,
    },
    /// The point's key is managed by AWS, and the type is not fully managed by AWS Backup.
    ManagedKey {
        /// Type of the resource.
        resource_type: ResourceType,
    },
    /// The destination's key is managed by AWS, and the type is not fully managed by AWS Backup.
    DestinationManagedKey {
        /// Name of the vault.
        vault: String,
        /// Type of the resource.
        resource_type: ResourceType,
    },
    /// The point's key is not shared with the destination's account.
    UnsharedKey {
        /// ARN of the key, which is no part of the words; none where AWS does not say which.
        key: Option<String>,
        /// The destination's account.
        account: AccountId,
    },
    /// Points of the type are not copied.
    NotCopied {
        /// Type of the resource.
        resource_type: ResourceType,
    },
    /// Points of `DynamoDB` that were made without AWS Backup's advanced features.
    PlainDynamoDb,
    /// The type is copied across accounts or Regions, but not both in one step.
    OneBoundary {
        /// Type of the resource.
        resource_type: ResourceType,
    },
    /// Points of the type cannot lie in a logically air-gapped vault.
    NotAirGapped {
        /// Type of the resource.
        resource_type: ResourceType,
    },
    /// The destination's lock does not allow the retention.
    Lock {
        /// Name of the vault.
        vault: String,
        /// What it demands; none where AWS does not say it.
        days: Option<(Option<i64>, Option<i64>)>,
    },
    /// The copy of a continuous point is a snapshot.
    Continuous,
    /// A copy that never expires keeps the expiry of its source.
    KeepsExpiry,
    /// The retention is over when the copy arrives.
    OverOnArrival,
    /// Something could not be looked at.
    NotKnown {
        /// What, and why.
        what: String,
        /// What to look at by hand.
        fix: String,
    },
}

/// How a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyLevel {
    /// AWS takes no copy job of it: the point is left.
    Never,
    /// The copy job would fail: the point is left, unless it is asked for all the same.
    Fails,
    /// Something to know; the point is copied.
    Note,
}

impl CopyProblem {
    /// How it weighs.
    pub fn level(&self) -> CopyLevel {
        match self {
            Self::OutsideVaults | Self::Member | Self::Busy | Self::Cold | Self::SameVault => {
                CopyLevel::Never
            }
            Self::Continuous | Self::KeepsExpiry | Self::OverOnArrival | Self::NotKnown { .. } => {
                CopyLevel::Note
            }
            _ => CopyLevel::Fails,
        }
    }

    /// What is wrong, in a sentence.
    pub fn what(&self) -> String {
        match self {
            Self::OutsideVaults => {
                "It was made outside AWS Backup and lies in no vault, so AWS Backup cannot copy it.".to_owned()
            }
            Self::Member => "It is a member of a composite recovery point, and is copied with it only.".to_owned(),
            Self::Busy => "It is not complete: only a complete recovery point can be copied.".to_owned(),
            Self::Cold => "It is in cold storage, and recovery points in cold storage cannot be copied.".to_owned(),
            Self::SameVault => "It lies in the destination vault already.".to_owned(),
            Self::NoVault { vault } => format!("The destination vault {vault} does not exist."),
            Self::RestoreAccessVault => {
                "The destination is a restore access vault, which only restores and takes no copies.".to_owned()
            }
            Self::OtherOrganization { source, destination } => format!(
                "Account {source} and account {destination} are not members of the same organization."
            ),
            Self::CrossAccountOff => {
                "Cross-account backup is off in the organization, so no copy may leave its account.".to_owned()
            }
            Self::VaultPolicy { vault, account } => format!(
                "The access policy of vault {vault} does not let account {account} copy into it."
            ),
            Self::ManagedKey { resource_type } => format!(
                "The recovery point is encrypted with a key that AWS manages. Such a key cannot be shared with another \
                 account, and backups of {} keep the key of their resource.",
                resource_type.as_str()
            ),
            Self::DestinationManagedKey { vault, resource_type } => format!(
                "Vault {vault} is encrypted with a key that AWS manages. Copies of {} from another account need a \
                 vault with a customer managed key.",
                resource_type.as_str()
            ),
            Self::UnsharedKey { account, .. } => format!(
                "The recovery point is encrypted with a customer managed key whose policy does not let account {account} use it."
            ),
            Self::NotCopied { resource_type } => {
                format!("AWS Backup does not copy recovery points of {}.", resource_type.as_str())
            }
            Self::PlainDynamoDb => {
                "It was made without AWS Backup's advanced features for DynamoDB, and such backups cannot be copied."
                    .to_owned()
            }
            Self::OneBoundary { resource_type } => format!(
                "The destination is in another account and another Region, and AWS Backup copies {} across one of the \
                 two only.",
                resource_type.as_str()
            ),
            Self::NotAirGapped { resource_type } => format!(
                "Recovery points of {} cannot lie in a logically air-gapped vault.",
                resource_type.as_str()
            ),
            Self::Lock { vault, .. } => {
                format!("The copy's retention is outside what the lock of vault {vault} allows.")
            }
            Self::Continuous => {
                "It is a continuous point. Its copy is a snapshot of this moment, without point-in-time recovery."
                    .to_owned()
            }
            Self::KeepsExpiry => {
                "A copy that never expires keeps the expiry of its source.".to_owned()
            }
            Self::OverOnArrival => {
                "Retention counts from the creation of the source: the copy would be due for deletion when it arrives."
                    .to_owned()
            }
            Self::NotKnown { what, .. } => what.clone(),
        }
    }

    /// How it is put right, in a sentence.
    pub fn fix(&self) -> String {
        match self {
            Self::OutsideVaults => "Copy it with the service that made it.".to_owned(),
            Self::Member => "Choose the composite recovery point in its place.".to_owned(),
            Self::Busy => "Wait until it is complete.".to_owned(),
            Self::Cold => {
                "Choose a recovery point that is not in cold storage, or restore it and back the result up.".to_owned()
            }
            Self::SameVault => "Choose another vault.".to_owned(),
            Self::NoVault { .. } => "Check the ARN, or create the vault.".to_owned(),
            Self::RestoreAccessVault => "Choose a backup vault or a logically air-gapped vault.".to_owned(),
            Self::OtherOrganization { .. } => {
                "Move one of the accounts into the organization of the other, or choose a vault in this organization."
                    .to_owned()
            }
            Self::CrossAccountOff => {
                "Turn on cross-account backup in AWS Backup's settings of the organization's management account."
                    .to_owned()
            }
            Self::VaultPolicy { account, .. } => format!(
                "Allow backup:CopyIntoBackupVault to {account} (principal arn:aws:iam::{account}:root) in the vault's \
                 access policy."
            ),
            Self::ManagedKey { .. } => {
                "Encrypt the resource with a customer managed key that is shared with the other account, and copy \
                 backups that are made after that."
                    .to_owned()
            }
            Self::DestinationManagedKey { .. } => {
                "Choose or create a vault with a customer managed key; the key of a vault cannot be changed.".to_owned()
            }
            Self::UnsharedKey { account, .. } => format!(
                "Allow kms:DescribeKey, kms:Decrypt, kms:ReEncryptFrom and kms:CreateGrant to {account} (principal \
                 arn:aws:iam::{account}:root) in the key's policy."
            ),
            Self::NotCopied { .. } => "Back up the resource in the other account or Region in its own right.".to_owned(),
            Self::PlainDynamoDb => {
                "Turn on advanced features for DynamoDB in AWS Backup's settings of the Region, and copy backups that \
                 are made after that."
                    .to_owned()
            }
            Self::OneBoundary { .. } => {
                "Copy within the account to the other Region first, and from there to the other account.".to_owned()
            }
            Self::NotAirGapped { .. } => "Choose a backup vault.".to_owned(),
            Self::Lock { days, .. } => lock_fix(*days),
            Self::Continuous => "Nothing has to be done.".to_owned(),
            Self::KeepsExpiry => {
                "Give 36500 days (100 years) to keep the copy forever.".to_owned()
            }
            Self::OverOnArrival => "Give a longer retention.".to_owned(),
            Self::NotKnown { fix, .. } => fix.clone(),
        }
    }

    /// What is wrong and how it is put right.
    pub fn words(&self) -> String {
        format!("{} {}", self.what(), self.fix())
    }
}

fn lock_fix(days: Option<(Option<i64>, Option<i64>)>) -> String {
    match days {
        Some((Some(min), Some(max))) => {
            format!("Give a retention of {min} to {max} days, or choose another vault.")
        }
        Some((Some(min), None)) => {
            format!("Give a retention of {min} days or more, or choose another vault.")
        }
        Some((None, Some(max))) => {
            format!("Give a retention of {max} days or fewer, or choose another vault.")
        }
        _ => "Give a retention that the lock allows, or choose another vault.".to_owned(),
    }
}
