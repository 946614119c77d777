use rstest::rstest;
use serde_json::{Value, json};
use tidemark_sandbox_backup::{
    ErrorKind, RegionSettings,
    model::{
        BackupJobState, Condition, Conditions, Outage, PageRequest, SelectionDocument, TagCondition,
    },
};

use crate::support::{at, database, days, home, minutes, plan_request, start, table, vault, world};

fn daily() -> Value {
    json!([{ "RuleName": "daily", "TargetBackupVaultName": "main" }])
}

#[test]
fn a_plan_fires_on_its_schedule_and_its_points_say_who_made_them() {
    let world = world();
    let plan = world.plan(daily(), start());
    world.engine.tick(at("2026-01-01T04:59:59Z"));
    assert!(world.jobs().is_empty());
    world.engine.tick(at("2026-01-03T12:00:00Z"));
    let points = world.points("main");
    let made: Vec<_> = points
        .iter()
        .map(|point| point.created.to_string())
        .collect();
    assert_eq!(
        made,
        [
            "2026-01-03T05:00:00Z",
            "2026-01-02T05:00:00Z",
            "2026-01-01T05:00:00Z"
        ]
    );
    let by = points[0].created_by.clone().unwrap();
    assert_eq!(by.backup_plan_id, plan.id);
    assert_eq!(by.backup_rule_name, "daily");
    assert_eq!(by.backup_rule_cron, "cron(0 5 ? * * *)");
    let (plan, _) = world.engine.plan(&home(), &plan.id, None).unwrap();
    assert_eq!(plan.last_execution, Some(at("2026-01-03T05:00:00Z")));
}

#[test]
fn a_plan_without_selections_does_nothing() {
    let world = world();
    world
        .engine
        .create_plan(&home(), plan_request("idle", daily()), start())
        .unwrap();
    world.engine.tick(start() + days(3));
    assert!(world.jobs().is_empty());
}

#[rstest]
// In the night of 29 March 2026, Berlin has no 02:30; on 25 October it has two.
#[case::spring("2026-03-28T00:00:00Z", &["2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z"])]
#[case::autumn("2026-10-24T12:00:00Z", &["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"])]
fn a_plan_in_a_zone_follows_daylight_saving(#[case] from: &str, #[case] expected: &[&str]) {
    let world = world();
    world.engine.tick(at(from));
    world.plan(
        json!([{
            "RuleName": "night",
            "TargetBackupVaultName": "main",
            "ScheduleExpression": "cron(30 2 ? * * *)",
            "ScheduleExpressionTimezone": "Europe/Berlin",
        }]),
        at(from),
    );
    world.engine.tick(at(from) + minutes(60 * 50 + 30));
    let mut made: Vec<_> = world
        .points("main")
        .iter()
        .map(|p| p.created.to_string())
        .collect();
    made.reverse();
    assert_eq!(made, expected);
}

#[test]
fn a_new_version_takes_over_and_old_ones_can_still_be_read() {
    let world = world();
    let plan = world.plan(daily(), start());
    let rule_id = plan.current().unwrap().document.rules[0].rule_id.clone();
    let evening = plan_request(
        "daily",
        json!([{
            "RuleName": "daily",
            "TargetBackupVaultName": "main",
            "ScheduleExpression": "cron(0 20 ? * * *)",
        }]),
    );
    let updated = world
        .engine
        .update_plan(&home(), &plan.id, evening.document, start())
        .unwrap();
    assert_eq!(
        updated.current().unwrap().document.rules[0].rule_id,
        rule_id
    );
    world.engine.tick(start() + days(1));
    let made: Vec<_> = world
        .points("main")
        .iter()
        .map(|p| p.created.to_string())
        .collect();
    assert_eq!(made, ["2026-01-01T20:00:00Z"]);
    let first = plan.current().unwrap().version_id.clone();
    let (_, old) = world.engine.plan(&home(), &plan.id, Some(&first)).unwrap();
    assert_eq!(
        old.document.rules[0].schedule_expression.as_deref(),
        Some("cron(0 5 ? * * *)")
    );
}

#[test]
fn a_plan_is_deleted_only_without_selections_and_then_is_quiet() {
    let world = world();
    let plan = world.plan(daily(), start());
    let refused = world
        .engine
        .delete_plan(&home(), &plan.id, start())
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InvalidRequest);
    let selections = world
        .engine
        .list_selections(&home(), &plan.id, &PageRequest::default())
        .unwrap();
    world
        .engine
        .delete_selection(&home(), &plan.id, &selections.items[0].id, start())
        .unwrap();
    world
        .engine
        .delete_plan(&home(), &plan.id, start())
        .unwrap();
    world.engine.tick(start() + days(2));
    assert!(world.jobs().is_empty());
    let list = |deleted| {
        world
            .engine
            .list_plans(&home(), deleted, &PageRequest::default())
            .items
            .len()
    };
    assert_eq!((list(false), list(true)), (0, 1));
}

#[test]
fn a_rule_copies_each_point_and_gives_the_copy_its_own_lifecycle() {
    let world = world();
    vault(&world.engine, &home(), "second");
    world.plan(
        json!([{
            "RuleName": "daily",
            "TargetBackupVaultName": "main",
            "Lifecycle": { "DeleteAfterDays": 7 },
            "CopyActions": [{
                "DestinationBackupVaultArn": "arn:aws:backup:eu-west-1:111122223333:backup-vault:second",
                "Lifecycle": { "DeleteAfterDays": 30 },
            }],
        }]),
        start(),
    );
    world.engine.tick(start() + days(1));
    let copy = world.points("second").remove(0);
    assert_eq!(
        copy.calculated_lifecycle().delete_at,
        Some(copy.created + days(30))
    );
    assert!(copy.created_by.is_some());
}

#[test]
fn a_type_that_is_not_opted_in_is_taken_by_its_arn_only() {
    let world = world();
    world
        .databases
        .put(&home(), &database("main"), start(), "rows");
    world
        .engine
        .update_region_settings(
            &home(),
            RegionSettings {
                opt_in: [("RDS".to_owned(), false)].into(),
                ..RegionSettings::default()
            },
        )
        .unwrap();
    let plan = world.plan(daily(), start());
    world.engine.tick(start() + days(1));
    assert_eq!(world.jobs().len(), 1, "only the table");
    world
        .engine
        .create_selection(
            &home(),
            &plan.id,
            SelectionDocument {
                selection_name: "by-arn".to_owned(),
                iam_role_arn: crate::support::ROLE.to_owned(),
                resources: vec![database("main")],
                ..SelectionDocument::default()
            },
            None,
            start() + days(1),
        )
        .unwrap();
    world.engine.tick(start() + days(2));
    assert_eq!(world.jobs().len(), 3);
}

#[test]
fn selections_of_one_plan_take_a_resource_once_per_rule() {
    let world = world();
    let plan = world.plan(daily(), start());
    world.tables.tag(&table("orders"), "backup", "daily");
    world
        .engine
        .create_selection(
            &home(),
            &plan.id,
            SelectionDocument {
                selection_name: "by-tag".to_owned(),
                iam_role_arn: crate::support::ROLE.to_owned(),
                list_of_tags: vec![TagCondition {
                    condition_type: "STRINGEQUALS".to_owned(),
                    condition_key: "backup".to_owned(),
                    condition_value: "daily".to_owned(),
                }],
                ..SelectionDocument::default()
            },
            None,
            start(),
        )
        .unwrap();
    world.engine.tick(start() + days(1));
    assert_eq!(world.jobs().len(), 1);
    assert_eq!(world.points("main")[0].tags["backup"], "daily");
}

#[test]
fn a_missed_window_shows_as_an_expired_job_of_the_plan() {
    let world = world();
    world.engine.add_outage(Outage {
        scope: home(),
        resource_arn: None,
        from: start(),
        until: start() + days(1),
    });
    world.plan(
        json!([{ "RuleName": "daily", "TargetBackupVaultName": "main", "StartWindowMinutes": 60 }]),
        start(),
    );
    world.engine.tick(start() + days(2));
    let states: Vec<_> = world.jobs().iter().map(|job| job.state).collect();
    assert_eq!(states, [BackupJobState::Completed, BackupJobState::Expired]);
}

#[rstest]
#[case::no_rules(json!([]), ErrorKind::InvalidParameter)]
#[case::rate(json!([{ "RuleName": "r", "TargetBackupVaultName": "main", "ScheduleExpression": "rate(1 day)" }]), ErrorKind::InvalidParameter)]
#[case::more_than_hourly(json!([{ "RuleName": "r", "TargetBackupVaultName": "main", "ScheduleExpression": "cron(0/30 * ? * * *)" }]), ErrorKind::InvalidParameter)]
#[case::short_window(json!([{ "RuleName": "r", "TargetBackupVaultName": "main", "StartWindowMinutes": 30 }]), ErrorKind::InvalidParameter)]
#[case::zone(json!([{ "RuleName": "r", "TargetBackupVaultName": "main", "ScheduleExpressionTimezone": "Nowhere" }]), ErrorKind::InvalidParameter)]
#[case::lifecycle(json!([{ "RuleName": "r", "TargetBackupVaultName": "main", "Lifecycle": { "MoveToColdStorageAfterDays": 8, "DeleteAfterDays": 97 } }]), ErrorKind::InvalidParameter)]
#[case::continuous_too_long(json!([{ "RuleName": "r", "TargetBackupVaultName": "main", "EnableContinuousBackup": true, "Lifecycle": { "DeleteAfterDays": 36 } }]), ErrorKind::InvalidParameter)]
#[case::copy_arn(json!([{ "RuleName": "r", "TargetBackupVaultName": "main", "CopyActions": [{ "DestinationBackupVaultArn": "main" }] }]), ErrorKind::InvalidParameter)]
#[case::same_rule_twice(json!([{ "RuleName": "r", "TargetBackupVaultName": "main" }, { "RuleName": "r", "TargetBackupVaultName": "main" }]), ErrorKind::InvalidParameter)]
fn a_bad_plan_is_refused(#[case] rules: Value, #[case] kind: ErrorKind) {
    let world = world();
    let refused = world
        .engine
        .create_plan(&home(), plan_request("bad", rules), start())
        .unwrap_err();
    assert_eq!(refused.kind, kind);
}

#[test]
fn a_second_plan_of_the_same_name_is_refused_with_the_arn_of_the_first() {
    let world = world();
    let plan = world.plan(daily(), start());
    let refused = world
        .engine
        .create_plan(&home(), plan_request("daily", daily()), start())
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::AlreadyExists);
    assert_eq!(refused.arn, Some(plan.arn));
}

#[test]
fn more_rules_or_copies_than_the_quota_are_refused() {
    let world = world();
    let rules: Vec<_> = (0..11)
        .map(|n| json!({ "RuleName": format!("r{n}"), "TargetBackupVaultName": "main" }))
        .collect();
    let refused = world
        .engine
        .create_plan(&home(), plan_request("big", rules.into()), start())
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::LimitExceeded);
}

#[rstest]
#[case::wildcard_inside(SelectionDocument { resources: vec!["arn:aws:s3:::*-logs".to_owned()], ..SelectionDocument::default() })]
#[case::not_an_arn(SelectionDocument { resources: vec!["orders".to_owned()], ..SelectionDocument::default() })]
#[case::too_many(SelectionDocument { resources: vec![table("a"); 501], ..SelectionDocument::default() })]
#[case::too_many_wildcards(SelectionDocument { resources: vec![table("a*"); 31], ..SelectionDocument::default() })]
#[case::nothing_named(SelectionDocument::default())]
#[case::only_left_out(SelectionDocument { not_resources: vec!["arn:aws:s3:::scratch-*".to_owned()], ..SelectionDocument::default() })]
#[case::condition_key(SelectionDocument {
    resources: vec!["*".to_owned()],
    conditions: Conditions {
        string_equals: vec![Condition { condition_key: "env".to_owned(), condition_value: "prod".to_owned() }],
        ..Conditions::default()
    },
    ..SelectionDocument::default()
})]
fn a_bad_selection_is_refused(#[case] document: SelectionDocument) {
    let world = world();
    let plan = world
        .engine
        .create_plan(&home(), plan_request("p", daily()), start())
        .unwrap();
    let document = SelectionDocument {
        selection_name: "s".to_owned(),
        iam_role_arn: crate::support::ROLE.to_owned(),
        ..document
    };
    let refused = world
        .engine
        .create_selection(&home(), &plan.id, document, None, start())
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InvalidParameter);
}
