//! Backup plans: the list, one plan, its editor, its versions, and what one does with it.

mod delete;
mod editor;
mod export;
mod future;
mod import;
mod list;
mod one;
mod review;
mod rollout;
mod run;

pub(crate) use self::{
    delete::PlanDeletePage, editor::PlanEditPage, export::PlanExportPage, future::PlanFuturePage,
    import::PlanImportPage, list::PlansPage, one::PlanPage, rollout::PlanRolloutPage,
    run::PlanRunPage,
};
