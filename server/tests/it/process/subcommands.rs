use serde_json::Value;

use super::server::{Process, bare, console, output, run};

#[test]
fn usage_mistakes_end_with_2_and_failures_with_1() {
    let data = tempfile::tempdir().unwrap();
    let command = || console("http://127.0.0.1:9", data.path());
    for args in [
        &["frobnicate"][..],
        &["restore", "arn:aws:s3:::b"],
        &["accounts", "check", "12"],
        &["runs", "show", "not-an-id"],
        &["runs", "list", "--state", "happy"],
        &["plans", "next", "cron(0 25 ? * * *)"],
        &["plans", "export", "--plan", "gold"],
        &["plans", "export"],
        &["plans", "next", "cron(0 5 * * * *)"],
        &["plans", "next", "cron(0 5 ? * * *)", "--tz", "Mars/Olympus"],
    ] {
        assert_eq!(run(&mut command(), args).status.code(), Some(2), "{args:?}");
    }
    for args in [
        &["accounts", "check", "123456789012"][..],
        &["runs", "show", "01936b2e-7c1f-7e07-8a0d-6f2f3c0a5b11"],
    ] {
        let output = run(&mut command(), args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("does not exist"), "{args:?}: {said}");
    }
}

#[test]
fn every_command_has_help_with_an_example() {
    for args in [
        &["demo"][..],
        &["serve"],
        &["worker"],
        &["sandbox"],
        &["migrate"],
        &["accounts", "add"],
        &["accounts", "list"],
        &["accounts", "check"],
        &["accounts", "template"],
        &["plans", "next"],
        &["plans", "lint"],
        &["plans", "simulate"],
        &["plans", "export"],
        &["plans", "apply"],
        &["records", "backfill"],
        &["records", "stream"],
        &["records", "snapshot"],
        &["records", "restore"],
        &["records", "diff"],
        &["records", "verify"],
        &["records", "history"],
        &["records", "import"],
        &["records", "compact"],
        &["records", "function-template"],
        &["runs", "list"],
        &["runs", "show"],
        &["runs", "watch"],
        &["runs", "cancel"],
        &["backup"],
        &["restore"],
    ] {
        let mut args = args.to_vec();
        args.push("-h");
        let help = output(&mut bare(), &args);
        assert!(help.contains("Example"), "{args:?}: {help}");
        assert!(help.contains("tidemark "), "{args:?}: {help}");
    }
}

#[test]
fn the_template_of_the_function_is_printed_as_cloudformation_takes_it() {
    let printed = output(&mut bare(), &["records", "function-template"]);
    let kept = include_str!("../../../../crates/records-lambda/template.yaml");
    assert_eq!(printed.trim_end(), kept.trim_end());
    assert!(printed.starts_with("AWSTemplateFormatVersion"));
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let data = tempfile::tempdir().unwrap();
    let mut command = console("http://127.0.0.1:9", data.path());
    command.env("TIDEMARK_LISTEN", "here");
    let output = run(&mut command, &["migrate"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.to_lowercase().contains("listen"), "{said}");
}

#[tokio::test]
async fn accounts_and_runs_are_listed_for_machines_and_for_people() {
    let (_sandbox, endpoint) = Process::sandbox();
    let data = tempfile::tempdir().unwrap();
    let command = || console(&endpoint, data.path());
    let added = output(
        &mut command(),
        &[
            "accounts",
            "add",
            "222233334444",
            "--alias",
            "orders",
            "--regions",
            "eu-west-1",
            "--output",
            "json",
        ],
    );
    let added: Value = serde_json::from_str(&added).unwrap();
    assert!(
        added["external_id"]
            .as_str()
            .unwrap()
            .starts_with("tidemark-")
    );
    let listed = output(&mut command(), &["accounts", "list", "--output", "json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed[0]["alias"], "orders");
    assert!(
        listed[0].get("external_id").is_none(),
        "shown once, at the start"
    );
    let table = output(&mut command(), &["accounts", "list"]);
    assert!(
        table.contains("ALIAS") && table.contains("not read yet"),
        "{table}"
    );
    let runs: Value = serde_json::from_str(&output(
        &mut command(),
        &["runs", "list", "--output", "json"],
    ))
    .unwrap();
    assert_eq!(runs["items"], Value::Array(Vec::new()));
    // The role does not exist yet, and the check says so.
    let check = run(&mut command(), &["accounts", "check", "222233334444"]);
    assert_eq!(check.status.code(), Some(1));
    let said = String::from_utf8(check.stdout).unwrap();
    assert!(said.contains("fails"), "{said}");
}
