use serde::{Deserialize, Serialize};

/// AWS Backup's default quotas per account and Region. They can be raised, so they are data.
///
/// Source: "AWS Backup quotas" in the developer guide. Selections per plan are said to be 10 in one place
/// and 100 in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Quotas {
    /// Vaults.
    pub vaults: u64,
    /// Plans.
    pub plans: u64,
    /// Rules of a plan.
    pub rules_per_plan: u64,
    /// Copies of a rule.
    pub copies_per_rule: u64,
    /// Recovery points of a vault.
    pub points_per_vault: u64,
    /// Legal holds.
    pub legal_holds: u64,
    /// Selections of a plan.
    pub selections_per_plan: u64,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            vaults: 300,
            plans: 300,
            rules_per_plan: 10,
            copies_per_rule: 5,
            points_per_vault: 1_000_000,
            legal_holds: 50,
            selections_per_plan: 100,
        }
    }
}
