//! The simulation and the console's lint go by one table: what the one refuses, the other does.

use serde_json::{Value, json};
use tidemark_domain::{
    plan::{BackupPlan, Refusal},
    selection::BackupSelection,
};
use tidemark_sandbox_backup::{CreatePlan, ErrorKind};

use crate::support::{home, plan_request, start, world};

fn request(document: &Value) -> CreatePlan {
    CreatePlan {
        document: serde_json::from_value(document.clone()).unwrap(),
        ..plan_request("p", daily())
    }
}

#[test]
fn every_row_of_the_table_is_refused_as_its_examples_show() {
    let examples: Value =
        serde_json::from_str(include_str!("../../../domain/tests/cases/refusals.json")).unwrap();
    let mut tried = 0;
    for row in Refusal::all() {
        for example in examples[row.name].as_array().unwrap() {
            let world = world();
            let refused = if example.get("SelectionName").is_some() {
                let plan = world
                    .engine
                    .create_plan(&home(), plan_request("p", daily()), start())
                    .unwrap();
                let document = serde_json::from_value(example.clone()).unwrap();
                world
                    .engine
                    .create_selection(&home(), &plan.id, document, None, start())
                    .map(|_| ())
            } else {
                world
                    .engine
                    .create_plan(&home(), request(example), start())
                    .map(|_| ())
            };
            let Err(refused) = refused else {
                unreachable!("{} is not refused", row.name)
            };
            let kind = if row.quota {
                ErrorKind::LimitExceeded
            } else {
                ErrorKind::InvalidParameter
            };
            assert_eq!(refused.kind, kind, "{}: {refused}", row.name);
            tried += 1;
        }
    }
    assert!(tried > 40, "{tried}");
}

/// Values that lie on both sides of each limit.
fn values(member: &str) -> Vec<Value> {
    match member {
        "StartWindowMinutes" | "CompletionWindowMinutes" => {
            [-1, 0, 59, 60, 119, 120, 480, 539, 540, 52_560_000, 52_560_001]
                .map(Value::from)
                .to_vec()
        }
        "Lifecycle" => [
            json!({}),
            json!({"DeleteAfterDays": 35}),
            json!({"DeleteAfterDays": 36_500}),
            json!({"DeleteAfterDays": 36_501}),
            json!({"DeleteAfterDays": -1, "MoveToColdStorageAfterDays": -1}),
            json!({"DeleteAfterDays": 119, "MoveToColdStorageAfterDays": 30}),
            json!({"DeleteAfterDays": 120, "MoveToColdStorageAfterDays": 30}),
            json!({"DeleteAfterDays": 7, "MoveToColdStorageAfterDays": 0}),
            json!({"DeleteAfterDays": 30, "DeleteAfterEvent": "DELETE_AFTER_COPY"}),
        ]
        .to_vec(),
        "EnableContinuousBackup" => vec![json!(true), json!(false)],
        "ScheduleExpression" => [
            "cron(0 5 ? * * *)",
            "cron(0 5 * * ? *)",
            "cron(0 5 * * * *)",
            "cron(0,30 5 ? * * *)",
            "cron(0 0/6 ? * * *)",
            "cron(0 5 LW * ? *)",
            "cron(0 5 ? * FRI-MON *)",
            "cron(0 5 31 6 ? *)",
            "rate(12 hours)",
            "cron(0 5 ? *)",
            "",
        ]
        .map(Value::from)
        .to_vec(),
        "ScheduleExpressionTimezone" => ["UTC", "Europe/Berlin", "Nowhere/Here"]
            .map(Value::from)
            .to_vec(),
        "TargetBackupVaultName" => ["main", "x", "a.b", ""].map(Value::from).to_vec(),
        "RuleName" => ["daily", "a b", ""].map(Value::from).to_vec(),
        "IndexActions" => [
            json!([]),
            json!([{"ResourceTypes": ["S3"]}]),
            json!([{"ResourceTypes": ["EFS"]}]),
        ]
        .to_vec(),
        "CopyActions" => [
            json!([{"DestinationBackupVaultArn": "arn:aws:backup:eu-central-1:111122223333:backup-vault:dr"}]),
            json!([{"DestinationBackupVaultArn": "arn:aws-eusc:backup:eusc-de-east-1:111122223333:backup-vault:dr"}]),
            json!([{"DestinationBackupVaultArn": "arn:moon:backup:eu-central-1:111122223333:backup-vault:dr"}]),
            json!([{"DestinationBackupVaultArn": "dr"}]),
        ]
        .to_vec(),
        other => panic!("{other} has no values"),
    }
}

#[test]
fn the_simulation_refuses_a_rule_exactly_where_the_lint_does() {
    let members = [
        "StartWindowMinutes",
        "CompletionWindowMinutes",
        "Lifecycle",
        "EnableContinuousBackup",
        "ScheduleExpression",
        "ScheduleExpressionTimezone",
        "TargetBackupVaultName",
        "RuleName",
        "IndexActions",
        "CopyActions",
    ];
    let (mut refused, mut accepted) = (0, 0);
    for (index, one) in members.iter().enumerate() {
        for other in &members[index + 1..] {
            for first in values(one) {
                for second in values(other) {
                    let mut rule = json!({"RuleName": "daily", "TargetBackupVaultName": "main"});
                    rule[*one] = first.clone();
                    rule[*other] = second;
                    let document = json!({"BackupPlanName": "p", "Rules": [rule]});
                    let plan: BackupPlan = serde_json::from_value(document.clone()).unwrap();
                    let lint = Refusal::of_plan(&plan);
                    let service = world()
                        .engine
                        .create_plan(&home(), request(&document), start());
                    assert_eq!(
                        lint.is_empty(),
                        service.is_ok(),
                        "{document}\n{lint:#?}\n{service:?}"
                    );
                    if lint.is_empty() {
                        accepted += 1;
                    } else {
                        refused += 1;
                    }
                }
            }
        }
    }
    assert!(refused > 200 && accepted > 100, "{refused} {accepted}");
}

#[test]
fn the_simulation_refuses_a_selection_exactly_where_the_lint_does() {
    let world = world();
    let plan = world
        .engine
        .create_plan(&home(), plan_request("p", daily()), start())
        .unwrap();
    let arns = [
        json!([]),
        json!(["*"]),
        json!(["arn:aws:dynamodb:*"]),
        json!(["arn:aws:dynamodb:*:*:table/*"]),
        json!(["arn:aws:s3:::logs-*"]),
        json!(["arn:aws:s3:::*-logs"]),
        json!(["orders"]),
    ];
    let tags = [
        json!([]),
        json!([{"ConditionType": "STRINGEQUALS", "ConditionKey": "k", "ConditionValue": "v"}]),
        json!([{"ConditionType": "stringequals", "ConditionKey": "k", "ConditionValue": "v"}]),
        json!([{"ConditionType": "STRINGLIKE", "ConditionKey": "k", "ConditionValue": "v"}]),
        json!([{"ConditionType": "STRINGEQUALS", "ConditionKey": "", "ConditionValue": "v"}]),
    ];
    let mut number = 0;
    for resources in &arns {
        for left_out in &arns {
            for tags in &tags {
                number += 1;
                let document = json!({
                    "SelectionName": format!("s{number}"),
                    "IamRoleArn": "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole",
                    "Resources": resources, "NotResources": left_out, "ListOfTags": tags,
                });
                let selection: BackupSelection = serde_json::from_value(document.clone()).unwrap();
                let lint = Refusal::of_selection(&selection);
                let asked = serde_json::from_value(document.clone()).unwrap();
                let service =
                    world
                        .engine
                        .create_selection(&home(), &plan.id, asked, None, start());
                let service = match service {
                    Err(refused) if refused.kind == ErrorKind::LimitExceeded => Ok(()),
                    other => other.map(|_| ()),
                };
                assert_eq!(
                    lint.is_empty(),
                    service.is_ok(),
                    "{document}\n{lint:#?}\n{service:?}"
                );
            }
        }
    }
}

/// The rules of the least plan that there can be.
fn daily() -> Value {
    json!([{"RuleName": "daily", "TargetBackupVaultName": "main"}])
}
