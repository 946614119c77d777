//! One operation of the API per file.

mod cancel_legal_hold;
mod create_air_gapped_vault;
mod create_legal_hold;
mod create_plan;
mod create_selection;
mod create_vault;
mod delete_access_policy;
mod delete_lock;
mod delete_plan;
mod delete_point;
mod delete_selection;
mod delete_vault;
mod describe_backup_job;
mod describe_copy_job;
mod describe_global_settings;
mod describe_point;
mod describe_protected;
mod describe_region_settings;
mod describe_restore_job;
mod describe_vault;
mod disassociate_point;
mod export_plan_template;
mod get_access_policy;
mod get_legal_hold;
mod get_plan;
mod get_plan_from_json;
mod get_restore_job_metadata;
mod get_restore_metadata;
mod get_selection;
mod get_supported_resource_types;
mod list_backup_jobs;
mod list_copy_jobs;
mod list_legal_holds;
mod list_plan_versions;
mod list_plans;
mod list_points_by_legal_hold;
mod list_points_by_resource;
mod list_points_by_vault;
mod list_protected;
mod list_protected_by_vault;
mod list_restore_jobs;
mod list_restore_jobs_by_resource;
mod list_selections;
mod list_tags;
mod list_vaults;
mod put_access_policy;
mod put_lock;
mod start_backup_job;
mod start_copy_job;
mod start_restore_job;
mod stop_backup_job;
mod tag_resource;
mod untag_resource;
mod update_global_settings;
mod update_plan;
mod update_point_lifecycle;
mod update_region_settings;

use crate::wire::Operation;

/// Every operation, lists before the items beside them.
pub(crate) const OPERATIONS: &[Operation] = &[
    list_vaults::OPERATION,
    create_vault::OPERATION,
    create_air_gapped_vault::OPERATION,
    describe_vault::OPERATION,
    delete_vault::OPERATION,
    put_access_policy::OPERATION,
    get_access_policy::OPERATION,
    delete_access_policy::OPERATION,
    put_lock::OPERATION,
    delete_lock::OPERATION,
    list_points_by_vault::OPERATION,
    list_points_by_resource::OPERATION,
    list_points_by_legal_hold::OPERATION,
    describe_point::OPERATION,
    delete_point::OPERATION,
    update_point_lifecycle::OPERATION,
    get_restore_metadata::OPERATION,
    disassociate_point::OPERATION,
    list_legal_holds::OPERATION,
    create_legal_hold::OPERATION,
    get_legal_hold::OPERATION,
    cancel_legal_hold::OPERATION,
    list_plans::OPERATION,
    create_plan::OPERATION,
    get_plan_from_json::OPERATION,
    get_plan::OPERATION,
    delete_plan::OPERATION,
    update_plan::OPERATION,
    list_plan_versions::OPERATION,
    export_plan_template::OPERATION,
    list_selections::OPERATION,
    create_selection::OPERATION,
    get_selection::OPERATION,
    delete_selection::OPERATION,
    list_backup_jobs::OPERATION,
    start_backup_job::OPERATION,
    describe_backup_job::OPERATION,
    stop_backup_job::OPERATION,
    list_copy_jobs::OPERATION,
    start_copy_job::OPERATION,
    describe_copy_job::OPERATION,
    list_restore_jobs::OPERATION,
    list_restore_jobs_by_resource::OPERATION,
    start_restore_job::OPERATION,
    describe_restore_job::OPERATION,
    get_restore_job_metadata::OPERATION,
    list_protected::OPERATION,
    list_protected_by_vault::OPERATION,
    describe_protected::OPERATION,
    get_supported_resource_types::OPERATION,
    describe_region_settings::OPERATION,
    update_region_settings::OPERATION,
    describe_global_settings::OPERATION,
    update_global_settings::OPERATION,
    list_tags::OPERATION,
    tag_resource::OPERATION,
    untag_resource::OPERATION,
];
