//! AWS Backup, one operation per file.

mod access_policy;
mod backup_job;
mod delete_point;
mod hold;
mod legal_holds;
mod list_jobs;
mod list_points;
mod list_protected;
mod list_vaults;
mod plan;
mod restore_job;
mod restore_metadata;
mod start_backup;
mod start_restore;
mod start_rule_backup;
mod stop_backup;
mod update_lifecycle;
mod vault_port;
mod vaults;

pub(crate) use access_policy::access_policy;
pub(crate) use backup_job::backup_job;
pub(crate) use delete_point::delete_point;
pub(crate) use legal_holds::{Held, legal_holds};
pub(crate) use list_jobs::{OlderCopies, list_jobs};
pub(crate) use list_points::list_points;
pub(crate) use list_protected::list_protected;
pub(crate) use list_vaults::list_vaults;
pub(crate) use plan::{
    Documents, Plans, create_plan, create_selection, delete_plan, delete_selection, plan,
    read_plans, region_settings, update_plan,
};
pub(crate) use restore_job::restore_job;
pub(crate) use restore_metadata::restore_metadata;
pub(crate) use start_backup::start_backup;
pub(crate) use start_restore::start_restore;
pub(crate) use start_rule_backup::start_rule_backup;
pub(crate) use stop_backup::stop_backup;
pub(crate) use update_lifecycle::update_lifecycle;
