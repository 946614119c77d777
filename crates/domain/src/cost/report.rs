use serde::{Deserialize, Serialize};

use super::{Estimate, PriceList};

/// What is stored and what that costs in a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostReport {
    /// In all.
    pub total: Estimate,
    /// By account, dearest first.
    pub accounts: Vec<CostLine>,
    /// By plan, dearest first; an empty id is what no plan made.
    pub plans: Vec<CostLine>,
    /// By type, dearest first.
    pub types: Vec<CostLine>,
    /// The prices that were counted with.
    pub prices: PriceList,
}

/// A line of the report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostLine {
    /// What it is of.
    pub id: String,
    /// What people call that; may be empty.
    pub name: String,
    /// The estimate.
    pub estimate: Estimate,
}
