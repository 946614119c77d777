//! Backup plans and selections, one operation per file. Documents go and come as JSON: the SDK drops
//! fields that it does not know, and a plan must not lose any.

mod create_plan;
mod create_selection;
mod delete_plan;
mod delete_selection;
mod get_plan;
mod get_selection;
mod list_plans;
mod list_selections;
mod list_versions;
#[cfg(test)]
mod members;
mod read_plans;
mod region_settings;
mod tags;
mod update_plan;
mod whole;

pub(crate) use create_plan::create_plan;
pub(crate) use create_selection::create_selection;
pub(crate) use delete_plan::delete_plan;
pub(crate) use delete_selection::delete_selection;
pub(crate) use read_plans::{Documents, Plans, plan, read_plans};
pub(crate) use region_settings::region_settings;
pub(crate) use update_plan::update_plan;
