//! Bringing records back: planned first, applied as planned, never over what changed meanwhile.

mod apply;
mod filter;
mod load;
mod page;
mod plan;
mod predicate;
mod store;
mod undo;

pub use apply::{ApplyOptions, ChangedMeanwhile, RestoreState, apply_restore};
pub use filter::RestoreFilter;
pub use load::{
    LoadOptions, LoadRequest, LoadState, Way, choose_way, import_snapshot, load_owns, load_table,
};
pub use page::PlannedAction;
pub use plan::{PlanCounts, PlanPage, RestorePlan, RestorePlanRequest, plan_restore};
pub use predicate::{Comparison, Predicate};
pub use store::{load_plan, load_plan_page, load_state};
pub use undo::{UndoRequest, plan_undo};

#[cfg(test)]
mod tests;
