use std::{fs, path::Path};

use serde_json::{Value, json};

use super::server::{bare, output, run};

fn plan() -> Value {
    json!({
        "BackupPlan": {
            "BackupPlanName": "gold",
            "FromTheFuture": {"kept": [1, 2]},
            "Rules": [{
                "RuleName": "daily",
                "TargetBackupVaultName": "main",
                "ScheduleExpression": "cron(0 5 ? * * *)",
                "ScheduleExpressionTimezone": "Europe/Berlin",
                "Lifecycle": {"MoveToColdStorageAfterDays": 10, "DeleteAfterDays": 100},
            }],
        },
        "BackupSelections": [{
            "SelectionName": "all",
            "IamRoleArn": "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole",
            "Resources": ["*"],
        }],
    })
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_next_runs_of_a_schedule_are_an_array_of_times() {
    let args = [
        "plans",
        "next",
        "cron(30 2 ? * * *)",
        "--tz",
        "Europe/Berlin",
        "--from",
        "2026-10-24T12:00:00Z",
        "--count",
        "2",
    ];
    let table = output(&mut bare(), &args);
    assert!(table.contains("2026-10-25 02:30 +02:00"), "{table}");
    let json = output(&mut bare(), &[&args[..], &["--output", "json"]].concat());
    let times: Vec<String> = serde_json::from_str(&json).unwrap();
    assert_eq!(times, ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
}

#[test]
fn lint_tells_field_rule_and_fix_and_fails_on_errors_only() {
    let folder = tempfile::tempdir().unwrap();
    let right = file(folder.path(), "right.json", &plan().to_string());
    let done = run(&mut bare(), &["plans", "lint", &right]);
    assert_eq!(done.status.code(), Some(0));
    let mut wrong = plan();
    wrong["BackupPlan"]["Rules"][0]["Lifecycle"]["DeleteAfterDays"] = json!(50);
    let wrong = file(folder.path(), "wrong.json", &wrong.to_string());
    let failed = run(&mut bare(), &["plans", "lint", &wrong, "--output", "json"]);
    assert_eq!(failed.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&failed.stdout).unwrap();
    assert_eq!(found[0]["plan"], "gold");
    assert_eq!(found[0]["verdict"], "fail");
    assert_eq!(found[0]["field"], "Rules[0].Lifecycle.DeleteAfterDays");
    assert!(!found[0]["fix"].as_str().unwrap().is_empty());
    for (name, text) in [("none", "{}"), ("words", "words"), ("open", "{")] {
        let path = file(folder.path(), name, text);
        assert_eq!(
            run(&mut bare(), &["plans", "lint", &path]).status.code(),
            Some(2),
            "{name}"
        );
    }
}

#[test]
fn simulate_tells_what_exists_at_a_moment() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(folder.path(), "plan.json", &plan().to_string());
    let args = [
        "plans",
        "simulate",
        &file,
        "--resource",
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
        "--size",
        "10",
        "--from",
        "2026-01-01T00:00:00Z",
        "--at",
        "2026-05-01T00:00:00Z",
        "--output",
        "json",
    ];
    let report: Value = serde_json::from_str(&output(&mut bare(), &args)).unwrap();
    let points = report["points"].as_array().unwrap();
    assert_eq!(points.len(), 100);
    assert_eq!(report["warm_bytes"], 100);
    assert_eq!(report["cold_bytes"], 900);
    assert_eq!(points[99]["created_at"], "2026-04-30T03:00:00Z");
    assert_eq!(points[99]["tier"], "warm");
}

#[test]
fn exports_read_back_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let original = file(folder.path(), "plan.json", &plan().to_string());
    let export = |from: &str, format: &str| {
        output(&mut bare(), &["plans", "export", from, "--format", format])
    };
    let normal = export(&original, "json");
    for format in ["json", "cloudformation", "cloudformation-yaml"] {
        let written = file(folder.path(), format, &export(&original, format));
        assert_eq!(export(&written, "json"), normal, "{format}");
    }
    let terraform = export(&original, "terraform");
    assert!(
        terraform.contains("resource \"aws_backup_plan\" \"gold\""),
        "{terraform}"
    );
}
