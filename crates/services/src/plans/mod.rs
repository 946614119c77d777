//! Backup plans: list, look at, check, change, run and roll out; and the runs that carry it out.

mod apply;
mod change;
mod check;
mod context;
mod delete;
mod deletion;
mod digest;
mod dry_run;
mod export;
mod find;
mod future;
mod get;
mod import;
mod knowledge;
mod list;
mod permission;
mod rollout;
mod rule_run;
mod run;
mod run_now;
mod siblings;
mod start_rollout;
mod versions;

pub use apply::apply;
pub use change::change;
pub use check::check;
pub use context::context;
pub use delete::delete;
pub use deletion::deletion;
pub use dry_run::{dry_run, dry_run_list};
pub use export::export;
pub use future::future;
pub use get::get;
pub use import::import;
pub use list::list;
pub use rollout::rollout;
pub use rule_run::rule_run;
pub(crate) use run::targets_of;
pub use run::{
    DELETE_PLAN_KIND, DeletePlanRun, ROLLOUT_KIND, RULE_RUN_KIND, RolloutRun, RuleRunRun,
    SAVE_PLAN_KIND, SavePlanRun,
};
pub use run_now::run_now;
pub use siblings::siblings;
pub use start_rollout::start_rollout;
pub use versions::{diff_versions, versions};

pub(crate) use knowledge::{taken_count, vault_rules};
