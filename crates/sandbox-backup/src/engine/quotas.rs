use super::BackupEngine;

/// Quotas of AWS Backup per account and Region.
#[derive(Clone, Copy, Debug)]
pub struct Quotas {
    /// Vaults.
    pub vaults: usize,
    /// Plans.
    pub plans: usize,
    /// Rules of one plan.
    pub rules_per_plan: usize,
    /// Copies of one rule.
    pub copies_per_rule: usize,
    /// Selections of one plan. AWS's pages say 10 in one place and 100 in another.
    pub selections_per_plan: usize,
    /// Active legal holds.
    pub legal_holds: usize,
    /// Copy jobs of an account to one Region at the same time ("Concurrent backup copies per account outbound to a destination
    /// Region"). The guide does not say what is answered above it; the API's model has `LimitExceededException`.
    pub copies_at_once: usize,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            vaults: 300,
            plans: 300,
            rules_per_plan: 10,
            copies_per_rule: 5,
            selections_per_plan: 100,
            legal_holds: 50,
            copies_at_once: 100,
        }
    }
}

impl BackupEngine {
    /// Changes the quotas.
    pub fn set_quotas(&self, quotas: Quotas) {
        self.world().quotas = quotas;
    }
}
