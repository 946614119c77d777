use serde_json::json;
use tidemark_domain::Verdict;

use super::{about, errors, findings, plan, try_reading};

#[test]
fn case_1_settings_that_aws_answers_beside_the_plan_are_part_of_it() {
    let bundle = plan("g01-get-backup-plan.json", &[]);
    assert_eq!(
        bundle.backup_plan.other["AdvancedBackupSettings"],
        json!([{"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}])
    );
    assert!(bundle.notes.is_empty(), "{:?}", bundle.notes);
}

#[test]
fn case_10_a_selection_that_names_nothing_is_an_error() {
    let findings = findings("r05-conditions-only.json");
    assert_eq!(
        errors(&findings),
        ["Selections[0]", "Selections[1]", "Selections[2]"]
    );
    for finding in &findings[..3] {
        assert!(
            finding
                .rule
                .contains("Resources or ListOfTags must not be empty"),
            "{finding}"
        );
        assert!(finding.fix.contains("\"Resources\": [\"*\"]"), "{finding}");
    }
}

#[test]
fn case_11_arns_and_tags_joined_by_or_are_a_warning() {
    let findings = findings("r04-union.json");
    let union = about(&findings, "Selections[0].ListOfTags");
    assert_eq!(union.verdict, Verdict::Warn);
    assert!(union.rule.contains("OR"), "{union}");
    assert!(union.rule.contains("arn:aws:s3:::*"), "{union}");
    assert!(
        union.fix.contains("Conditions") && union.fix.contains("aws:ResourceTag/keep"),
        "{union}"
    );
    assert_eq!(errors(&findings), [""; 0]);
    // The default role has no permission for buckets, so it is not advised.
    let role = about(&findings, "Selections[0].IamRoleArn");
    assert!(role.rule.contains("S3"), "{role}");
    assert!(!role.fix.contains("AWSBackupDefaultServiceRole"), "{role}");
}

#[test]
fn case_11_a_tag_that_no_resource_can_have_is_a_warning() {
    let findings = findings("r06-prefixed-tag.json");
    let key = about(&findings, "Selections[0].ListOfTags[0].ConditionKey");
    assert_eq!(key.verdict, Verdict::Warn);
    assert!(
        key.rule
            .contains("no resource can have the tag aws:ResourceTag/Backup"),
        "{key}"
    );
    assert!(key.fix.contains("Write Backup"), "{key}");
}

#[test]
fn case_15_what_aws_refuses_is_an_error() {
    let event = findings("r13-delete-event.json");
    assert_eq!(errors(&event), ["Rules[0].Lifecycle.DeleteAfterEvent"]);
    assert!(
        event[0].rule.contains("not valid as an input"),
        "{}",
        event[0]
    );
    assert_eq!(
        errors(&findings("r09-vss-dynamodb.json")),
        [
            "AdvancedBackupSettings[0].ResourceType",
            "AdvancedBackupSettings[1].BackupOptions.WindowsVSS"
        ]
    );
    let windows = findings("r07-windows.json");
    assert_eq!(
        errors(&windows),
        [
            "Rules[0].StartWindowMinutes",
            "Rules[1].CompletionWindowMinutes",
            "Rules[2].CompletionWindowMinutes",
            "Rules[3].StartWindowMinutes"
        ]
    );
    assert!(
        about(&windows, "Rules[3].StartWindowMinutes")
            .rule
            .contains("at most 52560000"),
        "{windows:#?}"
    );
}

#[test]
fn case_16_schedules_that_never_fire_are_a_warning() {
    let findings = findings("n01-never.json");
    for rule in 0..3 {
        let schedule = about(&findings, &format!("Rules[{rule}].ScheduleExpression"));
        assert_eq!(schedule.verdict, Verdict::Warn, "{schedule}");
        assert!(schedule.rule.contains("never fires"), "{schedule}");
    }
    assert!(
        about(&findings, "Rules[1].ScheduleExpression")
            .rule
            .contains("2020-12-31 05:00"),
        "{findings:#?}"
    );
    assert_eq!(errors(&findings), ["Rules[3].ScheduleExpression"]);
}

#[test]
fn case_17_members_that_aws_does_not_know_are_a_warning_with_the_right_name() {
    let findings = findings("r10-unknown-members.json");
    for (member, right) in [
        ("StartWindow", "StartWindowMinutes"),
        ("DeleteAfterDays", "belongs into Lifecycle"),
        ("EnableContinuousBackups", "EnableContinuousBackup?"),
    ] {
        let finding = about(&findings, &format!("Rules[0].{member}"));
        assert_eq!(finding.verdict, Verdict::Warn);
        assert!(finding.fix.contains(right), "{finding}");
    }
    assert_eq!(errors(&findings), [""; 0]);
}

fn without_nulls(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(members) => {
            members.retain(|_, value| !value.is_null());
            members.values_mut().for_each(without_nulls);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

#[test]
fn case_18_null_says_no_more_than_nothing() {
    let with = plan("r18-nulls.json", &[]);
    let mut value: serde_json::Value =
        serde_json::from_str(&super::text("r18-nulls.json")).unwrap();
    without_nulls(&mut value);
    let without = tidemark_domain::exchange::from_json(&value).unwrap();
    assert_eq!(with, without);
    assert_eq!(errors(&super::linted(&with)), [""; 0]);
}

#[test]
fn case_18_numbers_with_a_fraction_of_nothing_are_whole_and_others_are_refused() {
    let error = try_reading("r19-fraction.json", &[]).unwrap_err();
    assert_eq!(error.field, "Rules[0].Lifecycle.DeleteAfterDays");
    assert!(error.rule.contains("whole"), "{error}");
    assert!(!error.to_string().contains("StartWindowMinutes"), "{error}");
    let text = super::text("r19-fraction.json").replace("1.5", "30");
    let read = tidemark_services::exchange::read(&text, &super::context(&[])).unwrap();
    assert_eq!(
        read.plans[0].backup_plan.rules[0].start_window_minutes,
        Some(60)
    );
}

#[test]
fn case_19_arns_of_the_sovereign_partition_are_right() {
    let findings = findings("p01-partition.json");
    assert!(
        findings
            .iter()
            .all(|finding| !finding.rule.contains("partition")),
        "{findings:#?}"
    );
    assert_eq!(errors(&findings), [""; 0]);
}

#[test]
fn case_21_a_long_name_is_no_error() {
    let findings = findings("r14-long-name.json");
    assert_eq!(errors(&findings), [""; 0]);
    assert_eq!(about(&findings, "BackupPlanName").verdict, Verdict::Warn);
    let mut bundle = plan("r14-long-name.json", &[]);
    bundle.backup_plan.backup_plan_name = "x".repeat(201);
    let longer = super::linted(&bundle);
    assert_eq!(errors(&longer), ["BackupPlanName"]);
    assert!(longer[0].rule.contains("200"), "{}", longer[0]);
}

#[test]
fn later_a_misspelt_member_beside_the_plan_is_named_with_the_right_one() {
    let bundle = plan("selections-key.json", &[]);
    let findings = super::linted(&bundle);
    let key = about(&findings, "Selections");
    assert!(key.is_error(), "{key}");
    assert!(key.fix.contains("BackupSelections"), "{key}");
    // Without an envelope, too.
    let alone = super::text("selections-key.json")
        .replacen("{\"BackupPlan\": {", "{", 1)
        .replacen("}]}, \"Selections\"", "}], \"Selections\"", 1);
    let read = tidemark_services::exchange::read(&alone, &super::context(&[])).unwrap();
    let findings = super::linted(&read.plans[0]);
    assert!(
        about(&findings, "Selections")
            .fix
            .contains("BackupSelections")
    );
}

#[test]
fn what_was_right_stays_right() {
    for file in ["r01-delete-only.json", "r08-no-windows.json"] {
        assert_eq!(findings(file), [], "{file}");
    }
    let wrong = |file: &str| errors(&findings(file)).join(" ");
    assert_eq!(
        wrong("r02-continuous-cold.json"),
        "Rules[0].Lifecycle.DeleteAfterDays Rules[0].Lifecycle.MoveToColdStorageAfterDays Rules[1].Lifecycle.DeleteAfterDays"
    );
    assert_eq!(
        wrong("r03-cold-zero.json"),
        "Rules[0].Lifecycle.MoveToColdStorageAfterDays"
    );
    assert_eq!(
        wrong("r03b-cold-days.json"),
        "Rules[0].Lifecycle.DeleteAfterDays Rules[2].CopyActions[0].Lifecycle.DeleteAfterDays"
    );
}
