//! The runs that carry changes of plans out.

mod delete_plan;
mod policy;
mod rollout;
mod rule_run;
mod save_plan;
mod saving;
mod targets;

pub(super) use delete_plan::DeleteParams;
pub use delete_plan::{DELETE_PLAN_KIND, DeletePlanRun};
pub(super) use policy::{delete_policy, rule_run_policy, save_policies, save_policy};
pub(super) use rollout::RolloutParams;
pub use rollout::{ROLLOUT_KIND, RolloutRun};
pub(super) use rule_run::RuleRunParams;
pub use rule_run::{RULE_RUN_KIND, RuleRunRun};
pub use save_plan::{SAVE_PLAN_KIND, SavePlanRun};
use saving::plan_target;
pub(super) use saving::{SaveParams, SelectionWork};
pub(crate) use targets::{targets_of, targets_of_deletion};
