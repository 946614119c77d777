use hyper::StatusCode;
use serde_json::Value;

use super::{
    client::HttpClient,
    server::{ADMIN_PASSWORD, Process, bare, console, output, run},
};

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
        &["users", "add", "anna"],
        &["users", "add", "anna", "--role", "root"],
        &["users", "add", "an na", "--role", "viewer"],
        &["users", "role", "anna", "root"],
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
        &["users", "disable", "nobody"],
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
        &["jobs", "list"],
        &["jobs", "causes"],
        &["vaults", "list"],
        &["vaults", "create"],
        &["vaults", "policy"],
        &["vaults", "lock"],
        &["vaults", "unlock"],
        &["vaults", "delete"],
        &["holds", "list"],
        &["holds", "create"],
        &["holds", "release"],
        &["accounts", "rotate"],
        &["accounts", "remove"],
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
        &["users", "list"],
        &["users", "show"],
        &["users", "add"],
        &["users", "role"],
        &["users", "disable"],
        &["users", "enable"],
        &["users", "reset-password"],
        &["users", "unlock"],
        &["set", "list"],
        &["set", "show"],
        &["set", "validate"],
        &["set", "put"],
        &["set", "recovery"],
        &["set", "backup"],
        &["set", "restore"],
        &["set", "status"],
        &["policy", "bucket", "show"],
        &["policy", "bucket", "grant"],
        &["policy", "bucket", "revoke"],
        &["policy", "bucket", "check"],
        &["policy", "bucket", "return"],
        &["policy", "bucket", "roles"],
        &["dump", "put"],
        &["dump", "get"],
        &["dump", "list"],
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

#[tokio::test]
async fn accounts_of_a_file_are_registered_by_a_command_once_nothing_is_wrong_in_it() {
    let (_sandbox, endpoint) = Process::sandbox();
    let data = tempfile::tempdir().unwrap();
    let command = || console(&endpoint, data.path());
    let file = data.path().join("accounts.csv");
    let path = file.to_str().unwrap();
    let add = ["accounts", "add", "--csv", path, "--output", "json"];
    let json = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
    let right =
        "account,alias,regions\n333344445555,media,eu-west-1\n444455556666,logs,eu-west-1\n";
    std::fs::write(&file, format!("{right}12,wrong,eu-west-1\n")).unwrap();
    let refused = run(&mut command(), &add);
    assert_eq!(refused.status.code(), Some(1));
    let said = json(&String::from_utf8(refused.stdout).unwrap());
    assert_eq!(
        (&said["plan"]["wrong"][0]["line"], &said["done"]),
        (&4.into(), &Value::Null)
    );
    std::fs::write(&file, right).unwrap();
    let shown = json(&output(
        &mut command(),
        &[&add[..], &["--preview"]].concat(),
    ));
    assert_eq!(shown["done"], Value::Null);
    let done = json(&output(&mut command(), &add));
    assert_eq!(done["done"]["accounts"][1]["added"], true);
    let template = output(&mut command(), &["accounts", "template", "--all"]);
    assert!(template.contains("Fn::FindInMap") && template.contains("444455556666"));
    let leaving = output(&mut command(), &["accounts", "remove", "333344445555"]);
    assert!(leaving.contains("TidemarkAccess"), "{leaving}");
    let gone = [
        "accounts",
        "remove",
        "333344445555",
        "--confirm",
        "333344445555",
    ];
    output(&mut command(), &gone);
    let listed = json(&output(
        &mut command(),
        &["accounts", "list", "--output", "json"],
    ));
    assert_eq!(listed.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_admin_who_forgot_the_password_and_everybody_else_is_managed_on_the_machine() {
    let (_sandbox, endpoint) = Process::sandbox();
    let data = tempfile::tempdir().unwrap();
    let mut serve = console(&endpoint, data.path());
    serve
        .env("TIDEMARK_LIMITS__SIGN_IN_BURST", "100")
        .args(["serve", "--listen", "127.0.0.1:0"]);
    let (_console, url) = Process::answering(&mut serve);
    let tidemark = |args: &[&str]| run(&mut console(&endpoint, data.path()), args);
    let json = |args: &[&str]| -> Value {
        let args = [args, &["--output", "json"]].concat();
        serde_json::from_str(&output(&mut console(&endpoint, data.path()), &args)).unwrap()
    };
    // The only admin stays one.
    for args in [
        &["users", "disable", "admin"][..],
        &["users", "role", "admin", "viewer"],
    ] {
        let refused = tidemark(args);
        assert_eq!(refused.status.code(), Some(1), "{args:?}");
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains("the last admin"), "{said}");
    }
    let reset = json(&["users", "reset-password", "Admin"]);
    let password = reset["password"].as_str().unwrap();
    assert!(!signs_in(&url, "admin", ADMIN_PASSWORD).await);
    assert!(signs_in(&url, "admin", password).await);

    let added = json(&["users", "add", "anna", "--role", "operator"]);
    assert_eq!(added["user"]["role"], "operator");
    let password = added["password"].as_str().unwrap();
    assert!(signs_in(&url, "anna", password).await);
    let taken = tidemark(&["users", "add", "ANNA", "--role", "viewer"]);
    assert_eq!(taken.status.code(), Some(1));
    assert_eq!(json(&["users", "role", "anna", "owner"])["role"], "owner");
    assert!(json(&["users", "disable", "anna"])["disabled_at"].is_string());
    assert!(!signs_in(&url, "anna", password).await);
    assert!(json(&["users", "enable", "anna"])["disabled_at"].is_null());
    for _ in 0..5 {
        assert!(!signs_in(&url, "anna", "wrong").await);
    }
    assert!(!signs_in(&url, "anna", password).await);
    json(&["users", "unlock", "anna"]);
    assert!(signs_in(&url, "anna", password).await);
    let table = output(&mut console(&endpoint, data.path()), &["users", "list"]);
    assert!(table.contains("LAST SIGN-IN"), "{table}");
    assert!(table.contains("one-time password"), "{table}");
    assert!(!table.contains(password), "{table}");
    let listed = json(&["users", "list"]);
    assert_eq!(listed[1]["name"], "anna");
    assert_eq!(json(&["users", "show", "ANNA"]), listed[1]);
}

async fn signs_in(url: &str, name: &str, password: &str) -> bool {
    let fields = [("name", name), ("password", password)];
    let status = HttpClient::new(url)
        .form("/api/session/sign_in", &fields)
        .await
        .unwrap();
    assert!(
        status == StatusCode::UNAUTHORIZED || !status.is_client_error(),
        "{status}"
    );
    status != StatusCode::UNAUTHORIZED
}
