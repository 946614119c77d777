use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::RecoveryPoint;

/// Status of a legal hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldStatus {
    /// In force.
    Active,
    /// Cancelled.
    Canceled,
}

impl HoldStatus {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Canceled => "CANCELED",
        }
    }
}

/// Which points a hold covers; an empty list covers all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HoldSelection {
    /// Names of vaults.
    pub vault_names: Vec<String>,
    /// ARNs of resources.
    pub resource_identifiers: Vec<String>,
    /// First and last moment of creation.
    pub date_range: Option<(Timestamp, Timestamp)>,
}

/// A legal hold on the points that existed when it was made.
#[derive(Clone, Debug)]
pub struct LegalHold {
    /// Order of creation in the whole simulation; pages are cut by it.
    pub seq: u64,
    /// UUID.
    pub id: String,
    /// `arn:aws:backup:region:account:legal-hold:id`
    pub arn: String,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Status.
    pub status: HoldStatus,
    /// What it covers.
    pub selection: HoldSelection,
    /// When it was made.
    pub created: Timestamp,
    /// When it was cancelled.
    pub canceled: Option<Timestamp>,
    /// Why it was cancelled.
    pub cancel_description: Option<String>,
    /// How long its record is kept after cancellation.
    pub retain_record_until: Option<Timestamp>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

impl LegalHold {
    /// Whether the hold keeps this point from being deleted.
    pub fn covers(&self, point: &RecoveryPoint) -> bool {
        let selection = &self.selection;
        self.status == HoldStatus::Active
            && point.initiated <= self.created
            && (selection.vault_names.is_empty() || selection.vault_names.contains(&point.vault))
            && (selection.resource_identifiers.is_empty()
                || selection.resource_identifiers.contains(&point.resource_arn))
            && selection
                .date_range
                .is_none_or(|(from, to)| (from..=to).contains(&point.created))
    }
}
