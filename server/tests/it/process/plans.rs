use std::{fs, path::Path};

use serde_json::{Value, json};

use super::server::{Process, bare, console, output, run};
use crate::support::{target::TargetAccount, wait::until};

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_of_a_file_is_shown_saved_as_shown_and_then_there_is_nothing_to_do() {
    const ACCOUNT: &str = "111122223333";
    let (_sandbox, endpoint) = Process::sandbox();
    let data = tempfile::tempdir().unwrap();
    let command = || console(&endpoint, data.path());
    let add = [
        "accounts",
        "add",
        ACCOUNT,
        "--alias",
        "gold",
        "--regions",
        "eu-west-1",
    ];
    output(&mut command(), &add);
    let template = output(&mut command(), &["accounts", "template", ACCOUNT]);
    TargetAccount::root(&endpoint, ACCOUNT)
        .deploy(&template)
        .await;
    let mut document = plan();
    document["BackupPlan"]["Rules"][0]["TargetBackupVaultName"] = json!("Default");
    let path = file(data.path(), "gold.json", &document.to_string());
    let apply = |more: &[&str]| {
        let home = [
            "--account",
            ACCOUNT,
            "--region",
            "eu-west-1",
            "--output",
            "json",
        ];
        let args = [&["plans", "apply", path.as_str()][..], &home, more].concat();
        let text = output(&mut command(), &args);
        serde_json::Deserializer::from_str(&text)
            .into_iter::<Value>()
            .next()
            .unwrap()
            .unwrap()
    };

    // Without --yes it is only shown.
    let shown = apply(&[]);
    assert_eq!(shown["changes"][0]["before"], Value::Null);
    assert_eq!(shown["changes"][0]["selections"][0]["what"], "create");
    let people = [
        "plans",
        "apply",
        &path,
        "--account",
        ACCOUNT,
        "--region",
        "eu-west-1",
    ];
    let text = output(&mut command(), &people);
    assert!(text.contains("Plan gold will be made"), "{text}");
    assert!(text.contains("add --yes"), "{text}");

    // A worker carries it out, and reads the account again.
    let (_serve, _) = Process::serve(&endpoint, data.path());
    let saved = apply(&["--yes", "--watch"]);
    assert_eq!(saved["runs"][0]["plan"], "gold");
    let limit = std::time::Duration::from_mins(1);
    let again = until("the plan is in the catalogue", limit, || {
        let shown = apply(&[]);
        let known = shown["changes"][0]["before"] != Value::Null;
        std::future::ready(known.then_some(shown))
    })
    .await;
    assert_eq!(apply(&["--yes"])["changes"], again["changes"]);
    assert_eq!(again["changes"][0]["differences"], json!([]));
    assert_eq!(again["changes"][0]["selections"][0]["what"], "keep");
    let kept = &again["changes"][0]["before"]["plan"]["FromTheFuture"];
    assert_eq!(*kept, json!({"kept": [1, 2]}));
}
