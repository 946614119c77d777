use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    AccountId, Invalid, Partition, Region,
    policy::{Document, merge, remove},
};

/// What is to become of a vault's access policy. What others wrote in it keeps every byte, unless the whole
/// of it is written or removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyEdit {
    /// These accounts may copy recovery points into the vault.
    AllowCopies {
        /// The accounts.
        accounts: BTreeSet<AccountId>,
    },
    /// What allowed these accounts to copy into the vault is taken back.
    StopCopies {
        /// The accounts.
        accounts: BTreeSet<AccountId>,
    },
    /// Nobody may delete recovery points or change their lifecycles: the policy denies it.
    DenyDeletion,
    /// What denied deletion is taken back.
    AllowDeletion,
    /// The whole policy is written as given.
    Write {
        /// The document (JSON), byte for byte.
        policy: String,
    },
    /// The vault has no policy any more.
    Remove,
}

/// Accounts that one change may be about.
const MAX_ACCOUNTS: usize = 50;
/// The id of the statement by which deletion is denied.
const DENIES_DELETION: &str = "TidemarkDenyDeletion";

impl PolicyEdit {
    pub(super) fn check(&self) -> Result<(), Invalid> {
        match self {
            Self::AllowCopies { accounts } | Self::StopCopies { accounts } => {
                if accounts.is_empty() {
                    return Err(Invalid::new("accounts", "must name at least one account"));
                }
                if accounts.len() > MAX_ACCOUNTS {
                    return Err(Invalid::new(
                        "accounts",
                        format!("must be at most {MAX_ACCOUNTS} at once"),
                    ));
                }
            }
            Self::Write { policy } => {
                Document::read(policy)?;
            }
            Self::DenyDeletion | Self::AllowDeletion | Self::Remove => {}
        }
        Ok(())
    }
}

fn sid_of(account: &AccountId) -> String {
    format!("TidemarkCopyFrom{account}")
}

/// The policy after the edit; none where the vault has none then.
pub fn edited(
    document: &Document,
    before: Option<&str>,
    edit: &PolicyEdit,
    region: &Region,
) -> Result<Option<String>, Invalid> {
    let without = |sids: &[String]| {
        if before.is_none() {
            return Ok(None);
        }
        let sids: Vec<&str> = sids.iter().map(String::as_str).collect();
        remove(document, &sids)
    };
    match edit {
        PolicyEdit::AllowCopies { accounts } => {
            let partition = Partition::of(region).id();
            let ours: Vec<Value> = accounts
                .iter()
                .map(|account| {
                    json!({
                        "Sid": sid_of(account),
                        "Effect": "Allow",
                        "Principal": {"AWS": format!("arn:{partition}:iam::{account}:root")},
                        "Action": "backup:CopyIntoBackupVault",
                        "Resource": "*",
                    })
                })
                .collect();
            merge(document, &ours, usize::MAX).map(Some)
        }
        PolicyEdit::DenyDeletion => {
            let ours = json!({
                "Sid": DENIES_DELETION,
                "Effect": "Deny",
                "Principal": "*",
                "Action": [
                    "backup:DeleteRecoveryPoint",
                    "backup:DisassociateRecoveryPoint",
                    "backup:UpdateRecoveryPointLifecycle",
                ],
                "Resource": "*",
            });
            merge(document, &[ours], usize::MAX).map(Some)
        }
        PolicyEdit::StopCopies { accounts } => {
            let sids: Vec<String> = accounts.iter().map(sid_of).collect();
            without(&sids)
        }
        PolicyEdit::AllowDeletion => without(&[DENIES_DELETION.to_owned()]),
        PolicyEdit::Write { policy } => Ok(Some(policy.clone())),
        PolicyEdit::Remove => Ok(None),
    }
}
