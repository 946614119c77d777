use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Control, ControlResult, Coverage, CoverageFacts, evaluate};
use crate::{AccountId, Arn, Page, Region, ResourceType, Verdict};

/// A resource in the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageRow {
    /// ARN.
    pub arn: Arn,
    /// Name.
    pub name: String,
    /// Type.
    pub resource_type: ResourceType,
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// Owner by tag.
    pub owner: Option<String>,
    /// How it is protected.
    pub coverage: Coverage,
    /// Plans that take it.
    pub plans: Vec<String>,
    /// Since when changes are not protected.
    pub unprotected_since: Option<Timestamp>,
    /// The newest moment that can be restored.
    pub newest: Option<Timestamp>,
    /// The oldest moment that can be restored.
    pub oldest: Option<Timestamp>,
    /// When a restore last went well.
    pub last_restore: Option<Timestamp>,
    /// What the controls that ask something of it say, by control id.
    pub results: Vec<(String, ControlResult)>,
}

impl CoverageRow {
    /// Controls that it fails.
    pub fn failed(&self) -> usize {
        self.results
            .iter()
            .filter(|(_, result)| result.verdict == Verdict::Fail)
            .count()
    }
}

/// The row of a resource.
pub fn coverage_row(facts: &CoverageFacts, controls: &[Control], now: Timestamp) -> CoverageRow {
    let pitr = facts.pitr.map(|window| window.earliest);
    CoverageRow {
        arn: facts.arn.clone(),
        name: facts.name.clone(),
        resource_type: facts.resource_type.clone(),
        account: facts.account.clone(),
        region: facts.region.clone(),
        owner: facts.owner.clone(),
        coverage: facts.coverage(),
        plans: facts.plans.clone().unwrap_or_default(),
        unprotected_since: facts.unprotected_since(),
        newest: facts.newest_restorable(),
        oldest: match (facts.oldest, pitr) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        },
        last_restore: facts.last_restore,
        results: controls
            .iter()
            .filter_map(|control| Some((control.id.clone(), evaluate(control, facts, now)?)))
            .collect(),
    }
}

/// How many resources stand how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageTotals {
    /// Resources looked at.
    pub resources: u64,
    /// Protected by a plan.
    pub by_plan: u64,
    /// Protected by hand.
    pub by_hand: u64,
    /// Not protected.
    pub not: u64,
    /// Without a failed control.
    pub compliant: u64,
}

impl CoverageTotals {
    /// Counts one more row.
    pub fn add(&mut self, row: &CoverageRow) {
        self.resources += 1;
        match row.coverage {
            Coverage::ByPlan => self.by_plan += 1,
            Coverage::ByHand => self.by_hand += 1,
            Coverage::Not => self.not += 1,
        }
        self.compliant += u64::from(row.failed() == 0);
    }
}

/// What a control says about the estate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlCount {
    /// The control.
    pub control: Control,
    /// Resources that pass.
    pub passed: u64,
    /// Resources that fail.
    pub failed: u64,
    /// Resources of which it is not known.
    pub unknown: u64,
}

/// How an account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCoverage {
    /// Account.
    pub account: AccountId,
    /// Its alias.
    pub alias: String,
    /// Counts.
    pub totals: CoverageTotals,
    /// The longest time for which changes of a resource have not been protected: since when.
    pub unprotected_since: Option<Timestamp>,
}

/// What a control said on a day, for the whole estate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCount {
    /// Day (UTC).
    pub day: Date,
    /// Control id.
    pub control: String,
    /// Resources that passed.
    pub passed: u64,
    /// Resources that failed.
    pub failed: u64,
    /// Resources of which it was not known.
    pub unknown: u64,
}

/// Which rows the report shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CoverageFilter {
    /// Only this account.
    pub account: Option<AccountId>,
    /// Only this type.
    pub resource_type: Option<ResourceType>,
    /// Only resources protected so.
    pub coverage: Option<Coverage>,
    /// Only resources that fail this control.
    pub fails: Option<String>,
    /// Cursor of the page.
    pub cursor: Option<String>,
    /// Rows per page; 1 to 200, 50 by default.
    pub limit: Option<u16>,
}

impl CoverageFilter {
    /// Whether the filter lets the row through.
    pub fn keeps(&self, row: &CoverageRow) -> bool {
        let fails = |id: &String| {
            row.results
                .iter()
                .any(|(control, result)| control == id && result.verdict == Verdict::Fail)
        };
        self.account.as_ref().is_none_or(|id| *id == row.account)
            && self
                .resource_type
                .as_ref()
                .is_none_or(|kind| *kind == row.resource_type)
            && self.coverage.is_none_or(|one| one == row.coverage)
            && self.fails.as_ref().is_none_or(fails)
    }
}

/// The report: counts, accounts, controls, history, and a page of rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoveragePage {
    /// When it was evaluated.
    pub at: Timestamp,
    /// Counts of everything that the caller sees.
    pub totals: CoverageTotals,
    /// By account.
    pub accounts: Vec<AccountCoverage>,
    /// By control.
    pub controls: Vec<ControlCount>,
    /// The last days, oldest first; empty for owners.
    pub history: Vec<DayCount>,
    /// Rows of the filter; those that fail most first.
    pub rows: Page<CoverageRow>,
}
