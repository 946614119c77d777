use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{BackupPlan, Finding};
use crate::{AccountId, Arn, Region, Scope, selection::BackupSelection};

/// A backup plan as the catalogue holds it: the version in force and its selections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRecord {
    /// Account that owns it.
    pub account: AccountId,
    /// Region in which it works.
    pub region: Region,
    /// `BackupPlanId`; the key together with account and Region.
    pub id: String,
    /// ARN.
    pub arn: Arn,
    /// `VersionId` of the version in force.
    pub version_id: String,
    /// The plan, with every field that AWS answered.
    pub plan: BackupPlan,
    /// What it takes, by name.
    pub selections: Vec<SelectionRecord>,
    /// When the version in force was made.
    pub created_at: Timestamp,
    /// When a rule last started jobs.
    pub last_execution: Option<Timestamp>,
    /// How many resources of the catalogue it takes, counted at the last sync.
    #[serde(default)]
    pub taken: Option<u64>,
}

impl PlanRecord {
    /// Account and Region.
    pub fn scope(&self) -> Scope {
        Scope {
            account: self.account.clone(),
            region: self.region.clone(),
        }
    }

    /// Why nobody can change it here; none where somebody may. AWS Organizations makes plans in member
    /// accounts under ids that begin with `orgs/`.
    pub fn read_only(&self) -> Option<Finding> {
        self.id.starts_with("orgs/").then(|| {
            Finding::error(
                "BackupPlanName",
                "belongs to a backup policy of AWS Organizations: it can be changed there only, and not in this account",
                "Change the policy in the organization's management account.",
            )
        })
    }

    /// What names it.
    pub fn key(&self) -> PlanKey {
        PlanKey {
            account: self.account.clone(),
            region: self.region.clone(),
            id: self.id.clone(),
        }
    }
}

/// What names a plan: ids are unique in an account and Region only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PlanKey {
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// `BackupPlanId`.
    pub id: String,
}

impl PlanKey {
    /// Account and Region.
    pub fn scope(&self) -> Scope {
        Scope {
            account: self.account.clone(),
            region: self.region.clone(),
        }
    }
}

/// A selection of a plan as AWS holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectionRecord {
    /// `SelectionId`.
    pub id: String,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// The selection, with every field that AWS answered.
    pub selection: BackupSelection,
}

/// A version of a plan, in force or not. AWS never changes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanVersion {
    /// `VersionId`.
    pub version_id: String,
    /// When it was made: from then on its rules counted.
    pub created_at: Timestamp,
    /// When the plan was deleted, as far as AWS tells or the console saw.
    pub deleted_at: Option<Timestamp>,
    /// The plan as it was.
    pub plan: BackupPlan,
}

/// What an account and Region lets AWS Backup do (`DescribeRegionSettings`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegionSettings {
    /// Type → taken by plans (`ResourceTypeOptInPreference`).
    pub opt_in: BTreeMap<String, bool>,
    /// Type → managed by AWS Backup, "advanced features" (`ResourceTypeManagementPreference`).
    pub management: BTreeMap<String, bool>,
}

impl RegionSettings {
    /// Whether the type is opted in; a type that AWS does not list counts as opted in.
    pub fn opted_in(&self, resource_type: &str) -> bool {
        self.opt_in.get(resource_type).copied().unwrap_or(true)
    }
}

/// A plan as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    /// Account that owns it.
    pub account: AccountId,
    /// The account's alias.
    pub alias: String,
    /// Region in which it works.
    pub region: Region,
    /// `BackupPlanId`.
    pub id: String,
    /// Name.
    pub name: String,
    /// Its rules.
    pub rules: u32,
    /// Its selections.
    pub selections: u32,
    /// Resources that it takes, counted at the last sync; none when that is not known.
    pub resources: Option<u64>,
    /// The next run of any rule.
    pub next_run: Option<Timestamp>,
    /// When a rule last started jobs.
    pub last_execution: Option<Timestamp>,
    /// Vaults that take its points, each once: of its rules, then of their copies.
    #[serde(default)]
    pub vaults: Vec<String>,
    /// What would make its jobs fail.
    pub errors: u32,
    /// What is worth knowing about it.
    pub warnings: u32,
    /// Other scopes hold a plan of this name with other content.
    pub drifts: bool,
}

/// What a list of plans shows; in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanFilter {
    /// Part of the name, ignoring case.
    pub text: Option<String>,
    /// Exactly this name.
    pub name: Option<String>,
    /// Only this account.
    pub account: Option<AccountId>,
    /// Only this Region.
    pub region: Option<Region>,
    /// Descending instead of ascending.
    pub descending: bool,
    /// Cursor of the page.
    pub cursor: Option<String>,
    /// Rows per page; 1 to 200, 50 by default.
    pub limit: Option<u16>,
}
