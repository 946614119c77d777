//! Every contract case against every world.

use tidemark_testkit::contract::{access, backups, plans, points, scope, settings, tables};

use crate::world::{World, run};

macro_rules! cases {
    ($($group:ident :: $case:ident,)*) => {
        /// The names of all cases, in the order of the table.
        pub(crate) const NAMES: &[&str] = &[$(stringify!($case)),*];

        cases!(@world fake Fake: $($group::$case,)*);
        cases!(@world sandbox Sandbox: $($group::$case,)*);
        cases!(@world ministack Ministack: $($group::$case,)*);
        cases!(@world moto Moto: $($group::$case,)*);
    };
    (@world $module:ident $world:ident: $($group:ident :: $case:ident,)*) => {
        mod $module {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    run(World::$world, stringify!($case), |e| Box::pin($group::$case(e))).await;
                }
            )*
        }
    };
}

cases! {
    access::a_whole_way_passes_the_probe,
    access::a_missing_role_is_named,
    access::missing_trust_is_named,
    access::another_external_id_is_named,
    access::the_session_policy_is_the_limit,
    access::a_lacking_permission_is_denied,
    access::a_lacking_list_is_a_warning,
    access::a_simulation_tells_what_is_allowed,
    tables::a_missing_table_is_none,
    tables::a_table_is_described,
    tables::recovery_opens_a_window,
    tables::a_restore_to_a_second_brings_back_that_second,
    tables::a_second_outside_the_window_is_refused,
    tables::a_restore_without_recovery_is_refused,
    tables::a_taken_name_is_a_conflict,
    tables::a_restore_of_a_missing_table_is_not_found,
    tables::a_restore_from_a_backup_brings_it_back,
    tables::a_table_made_anew_is_another,
    tables::deleting_twice_succeeds,
    tables::a_protected_table_stays,
    settings::a_plain_table_has_no_settings,
    settings::a_stream_is_put_on_twice,
    settings::another_stream_is_refused,
    settings::time_to_live_is_put_on_twice,
    settings::recovery_is_put_on_twice,
    settings::protection_is_put_on_and_off,
    settings::tags_are_added,
    settings::scaling_is_put_on_twice,
    backups::a_backup_ends_with_a_point,
    backups::the_same_token_starts_one_backup,
    backups::a_missing_vault_is_not_found,
    backups::an_unknown_job_is_not_found,
    backups::an_ended_backup_is_not_stopped,
    backups::restore_metadata_propose_a_restore,
    backups::a_restore_job_brings_a_table_back,
    plans::a_plan_comes_back_as_it_went,
    plans::the_same_token_makes_one_plan,
    plans::the_token_of_a_renamed_plan_names_it,
    plans::a_change_makes_a_version,
    plans::selections_come_and_go,
    plans::a_plan_with_selections_stays,
    plans::a_missing_plan_is_none,
    plans::plans_are_listed,
    plans::region_settings_are_read,
    plans::a_rule_is_run_by_hand,
    points::a_deleted_point_is_gone,
    points::a_changed_lifecycle_is_listed,
    points::a_held_point_says_so_and_stays,
    points::the_same_token_starts_one_copy,
    points::what_copies_depend_on_is_told,
    points::a_vault_tells_its_key_and_policy,
    scope::vaults_are_listed,
    scope::tables_are_listed_with_their_tags,
    scope::table_backups_are_points,
    scope::buckets_are_listed,
    scope::buckets_of_other_regions_are_not_listed,
    scope::volumes_are_listed,
    scope::instances_are_listed,
    scope::databases_are_listed,
    scope::file_systems_are_listed,
    scope::memorydb_clusters_are_listed,
    scope::every_page_is_read,
    scope::a_refused_service_does_not_hide_the_others,
    scope::a_role_that_may_read_nothing_is_an_error,
}
