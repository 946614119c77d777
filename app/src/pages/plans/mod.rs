//! Backup plans: the list, one plan, its editor, its versions, and what one does with it.

mod delete;
mod editor;
mod list;
mod one;
mod review;
mod rollout;
mod run;

pub(crate) use self::{
    delete::PlanDeletePage, editor::PlanEditPage, list::PlansPage, one::PlanPage,
    rollout::PlanRolloutPage, run::PlanRunPage,
};
