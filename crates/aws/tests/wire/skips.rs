//! Which case a world cannot run, and why. `tests/README.md` shows the same table to people; a test
//! keeps the two together.

use crate::world::World;

/// Why a world does not run a case; none when it does.
pub(crate) fn reason(world: World, case: &str) -> Option<&'static str> {
    SKIPS
        .iter()
        .find(|(w, c, _)| *w == world && *c == case)
        .map(|(_, _, reason)| *reason)
}

const NO_SCALING: &str = "knows no Application Auto Scaling, which reading a table's settings asks";
const NO_POLICIES: &str = "enforces neither trust policies nor permissions";
const NO_JOBS: &str = "has vaults, but no jobs and no recovery points of AWS Backup";
const NO_SELECTIONS: &str = "has plans, but no selections: it answers with a stack trace";
const NO_POINTS: &str = "names recovery points that its vaults neither list nor delete";
const NO_WINDOW: &str = "restores to any time whatever, with recovery on or off";
const NO_REFUSAL: &str = "replaces the view type of a stream that is on, where DynamoDB refuses";

pub(crate) const SKIPS: &[(World, &str, &str)] = &[
    (
        World::Sandbox,
        "databases_are_listed",
        "lists databases without their tags",
    ),
    (World::Sandbox, "another_stream_is_refused", NO_REFUSAL),
    (
        World::Ministack,
        "a_plain_table_has_no_settings",
        NO_SCALING,
    ),
    (World::Ministack, "a_stream_is_put_on_twice", NO_SCALING),
    (World::Ministack, "time_to_live_is_put_on_twice", NO_SCALING),
    (World::Ministack, "recovery_is_put_on_twice", NO_SCALING),
    (World::Ministack, "protection_is_put_on_and_off", NO_SCALING),
    (World::Ministack, "tags_are_added", NO_SCALING),
    (World::Ministack, "scaling_is_put_on_twice", NO_SCALING),
    (World::Ministack, "another_stream_is_refused", NO_REFUSAL),
    (
        World::Ministack,
        "a_second_outside_the_window_is_refused",
        NO_WINDOW,
    ),
    (
        World::Ministack,
        "a_restore_without_recovery_is_refused",
        NO_WINDOW,
    ),
    (
        World::Ministack,
        "a_restore_to_a_second_brings_back_that_second",
        "its window ends minutes ago, and its clock cannot be moved",
    ),
    (
        World::Ministack,
        "a_simulation_tells_what_is_allowed",
        "asks for iam:SimulatePrincipalPolicy on everything, where IAM asks for it on the role",
    ),
    (
        World::Ministack,
        "the_token_of_a_renamed_plan_names_it",
        "does not look at idempotency tokens",
    ),
    (
        World::Moto,
        "the_token_of_a_renamed_plan_names_it",
        "cannot rename a plan: it answers with a stack trace",
    ),
    (
        World::Ministack,
        "the_same_token_starts_one_backup",
        "does not look at idempotency tokens",
    ),
    (
        World::Ministack,
        "a_backup_ends_with_a_point",
        "names a recovery point that its vaults do not list",
    ),
    (
        World::Ministack,
        "restore_metadata_propose_a_restore",
        "names a recovery point that its vaults do not know",
    ),
    (World::Ministack, "a_deleted_point_is_gone", NO_POINTS),
    (World::Ministack, "a_changed_lifecycle_is_listed", NO_POINTS),
    (
        World::Ministack,
        "the_same_token_starts_one_copy",
        NO_POINTS,
    ),
    (World::Ministack, "what_copies_depend_on_is_told", NO_POINTS),
    (
        World::Ministack,
        "a_held_point_says_so_and_stays",
        NO_POINTS,
    ),
    (
        World::Ministack,
        "a_restore_job_brings_a_table_back",
        "has no restore jobs at all",
    ),
    (
        World::Ministack,
        "the_same_token_makes_one_plan",
        "does not look at CreatorRequestId",
    ),
    (
        World::Ministack,
        "a_change_makes_a_version",
        "answers the newest content for every version",
    ),
    (
        World::Ministack,
        "a_plan_with_selections_stays",
        "deletes a plan together with its selections",
    ),
    (
        World::Ministack,
        "a_rule_is_run_by_hand",
        "names a recovery point that its vaults do not list",
    ),
    (
        World::Ministack,
        "databases_are_listed",
        "has no DescribeDBInstanceAutomatedBackups, so that RDS is told as read in part",
    ),
    (
        World::Ministack,
        "memorydb_clusters_are_listed",
        "has no MemoryDB at all",
    ),
    (World::Moto, "a_missing_role_is_named", NO_POLICIES),
    (World::Moto, "missing_trust_is_named", NO_POLICIES),
    (World::Moto, "another_external_id_is_named", NO_POLICIES),
    (World::Moto, "the_session_policy_is_the_limit", NO_POLICIES),
    (World::Moto, "a_lacking_permission_is_denied", NO_POLICIES),
    (World::Moto, "a_lacking_list_is_a_warning", NO_POLICIES),
    (
        World::Moto,
        "a_refused_service_does_not_hide_the_others",
        NO_POLICIES,
    ),
    (
        World::Moto,
        "a_role_that_may_read_nothing_is_an_error",
        NO_POLICIES,
    ),
    (
        World::Moto,
        "a_simulation_tells_what_is_allowed",
        "has no SimulatePrincipalPolicy: it answers with a stack trace",
    ),
    (
        World::Moto,
        "a_restore_to_a_second_brings_back_that_second",
        "restores what the table holds now, whatever the second",
    ),
    (
        World::Moto,
        "a_second_outside_the_window_is_refused",
        NO_WINDOW,
    ),
    (
        World::Moto,
        "a_restore_without_recovery_is_refused",
        NO_WINDOW,
    ),
    (World::Moto, "a_backup_ends_with_a_point", NO_JOBS),
    (World::Moto, "the_same_token_starts_one_backup", NO_JOBS),
    (World::Moto, "a_missing_vault_is_not_found", NO_JOBS),
    (World::Moto, "an_unknown_job_is_not_found", NO_JOBS),
    (World::Moto, "an_ended_backup_is_not_stopped", NO_JOBS),
    (World::Moto, "restore_metadata_propose_a_restore", NO_JOBS),
    (World::Moto, "a_restore_job_brings_a_table_back", NO_JOBS),
    (World::Moto, "a_plan_comes_back_as_it_went", NO_SELECTIONS),
    (
        World::Moto,
        "the_same_token_makes_one_plan",
        "refuses a second plan of the same content, whatever the token",
    ),
    (World::Moto, "a_change_makes_a_version", NO_SELECTIONS),
    (World::Moto, "selections_come_and_go", NO_SELECTIONS),
    (World::Moto, "a_plan_with_selections_stays", NO_SELECTIONS),
    (World::Moto, "plans_are_listed", NO_SELECTIONS),
    (
        World::Moto,
        "a_missing_plan_is_none",
        "has no UpdateBackupPlan: it answers with a stack trace",
    ),
    (
        World::Moto,
        "region_settings_are_read",
        "has no DescribeRegionSettings, so that settings are told as read in part",
    ),
    (World::Moto, "a_rule_is_run_by_hand", NO_JOBS),
    (World::Moto, "a_deleted_point_is_gone", NO_JOBS),
    (World::Moto, "a_changed_lifecycle_is_listed", NO_JOBS),
    (World::Moto, "the_same_token_starts_one_copy", NO_JOBS),
    (World::Moto, "what_copies_depend_on_is_told", NO_JOBS),
    (World::Moto, "a_held_point_says_so_and_stays", NO_JOBS),
    (
        World::Ministack,
        "a_vault_tells_its_key_and_policy",
        "has no route for a vault's access policy: it answers that no such call is known",
    ),
    (
        World::Moto,
        "a_vault_tells_its_key_and_policy",
        "has no access policies of vaults",
    ),
];
