//! Backup plans: the list, one plan, its editor, its versions, and what one does with it.

mod delete;
mod editor;
mod list;
mod one;
mod review;
mod rollout;
mod run;

use crate::query::{Query, pairs};

pub(crate) use self::{
    delete::PlanDeletePage, editor::PlanEditPage, list::PlansPage, one::PlanPage,
    rollout::PlanRolloutPage, run::PlanRunPage,
};

/// What names a plan in addresses; without a plan, an account and Region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PlanAddress {
    /// Account id.
    pub(crate) account: String,
    /// Region.
    pub(crate) region: String,
    /// `BackupPlanId`; empty for none.
    pub(crate) plan: String,
}

impl PlanAddress {
    /// Reads a query string.
    pub(crate) fn parse(query: &str) -> Self {
        let mut address = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "account" => address.account = value,
                "region" => address.region = value,
                "plan" => address.plan = value,
                "scope" => {
                    if let Some((account, region)) = value.split_once('/') {
                        account.clone_into(&mut address.account);
                        region.clone_into(&mut address.region);
                    }
                }
                _ => {}
            }
        }
        address
    }

    /// The query string.
    pub(crate) fn query(&self) -> Query {
        let mut query = Query::default();
        query
            .push("account", &self.account)
            .push("region", &self.region)
            .push("plan", &self.plan);
        query
    }

    /// The address of one of the plan's pages.
    pub(crate) fn on(&self, path: &str) -> String {
        self.query().on(path)
    }
}
