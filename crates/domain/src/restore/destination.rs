use serde::{Deserialize, Serialize};

use crate::{AccountId, Arn, Region, ResourceType};

/// Where a restore puts the data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreDestination {
    /// Account.
    pub account: AccountId,
    /// The account's alias.
    pub alias: String,
    /// Region.
    pub region: Region,
    /// Type of what is made or changed.
    pub resource_type: ResourceType,
    /// What it is, as people call it: `bucket`, `table`.
    pub noun: String,
    /// Its name or id; none where AWS gives it an id, or where it cannot be told.
    pub name: Option<String>,
    /// Its ARN, where the name makes one.
    pub arn: Option<Arn>,
    /// Whether it is there already.
    pub exists: Existence,
}

/// Whether a restore's destination is there already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Existence {
    /// No: the restore makes it.
    No,
    /// Yes: the restore changes it.
    Yes,
    /// It could not be looked up, but AWS refuses a name that is in use: nothing can be written over.
    NotChecked,
    /// It cannot be told whether the restore changes something that exists.
    Untold {
        /// Why not: a sentence part.
        why: String,
    },
}

impl RestoreDestination {
    /// The restore changes something that exists, or may do so.
    pub fn is_change(&self) -> bool {
        matches!(self.exists, Existence::Yes | Existence::Untold { .. })
    }

    /// A text that is the same for every restore into the same thing; none where AWS gives what it makes
    /// an id, so that no two restores meet, and where it cannot be told.
    pub fn key(&self) -> Option<String> {
        match (&self.arn, &self.name) {
            (Some(arn), _) => Some(arn.to_string()),
            (None, Some(name)) => Some(format!(
                "{}/{}/{}/{name}",
                self.account, self.region, self.resource_type
            )),
            (None, None) => None,
        }
    }
}
