//! Backup plans: list, look at, check, change, run and roll out.

mod apply;
mod change;
mod check;
mod context;
mod delete;
mod deletion;
mod dry_run;
mod dry_run_list;
mod get;
mod key;
mod list;
mod query;
mod rollout;
mod rule_run;
mod run_now;
mod start_rollout;
mod versions;

pub use apply::{ApplyPlan, apply_plan};
pub use change::{PlanPlanChange, plan_change};
pub use check::{CheckPlan, check_plan};
pub use context::{PlanContextOf, plan_context};
pub use delete::{DeletePlan, delete_plan};
pub use deletion::{PlanDeletionOf, plan_deletion};
pub use dry_run::{DryRunPlanDraft, dry_run_plan};
pub use dry_run_list::{ListDryRun, list_dry_run};
pub use get::{GetPlan, get_plan};
pub use key::PlanAddress;
pub use list::{ListPlans, list_plans};
pub use query::PlanQuery;
pub use rollout::{PlanRollout, plan_rollout};
pub use rule_run::{PlanRuleRun, plan_rule_run};
pub use run_now::{RunPlanNow, run_plan_now};
pub use start_rollout::{StartRollout, start_rollout};
pub use versions::{PlanVersionsOf, plan_versions};
