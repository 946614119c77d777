//! The template that deploys the function.

use std::process::Command;

use serde_json::json;
use tidemark_records::index::LayoutKind;
use tidemark_records_lambda::Settings;

use crate::{
    events::{STREAM, all_types, changes, event, poisoned, record, thousand},
    policy::{Statement, Template},
    world::World,
};

const TEMPLATE: &str = include_str!("../../template.yaml");

fn template(prefix: &str, layout: LayoutKind) -> Template {
    let layout = match layout {
        LayoutKind::Segments => "segments",
        LayoutKind::Objects => "objects",
    };
    Template::new(
        TEMPLATE,
        &[
            ("StreamArn", STREAM),
            ("Bucket", "memory"),
            ("Prefix", prefix),
            ("Layout", layout),
            ("CodeBucket", "code"),
        ],
    )
}

/// Has a function do everything that one does: all kinds of events, twice, and one whose backup is
/// not there.
async fn everything(world: &World) {
    let mut batch = thousand();
    batch[500] = poisoned(batch[500].take());
    let function = world.function();
    for event in [changes(), all_types(), event(&batch), changes()] {
        function.handle(&event).await.unwrap();
    }
    world.store.vanish(&world.paths().index());
    let unprepared = world.function().handle(&event(&[record(1)])).await;
    assert!(unprepared.is_err());
}

#[tokio::test]
async fn it_allows_every_call_that_the_function_makes_and_none_that_it_does_not() {
    for layout in [LayoutKind::Segments, LayoutKind::Objects] {
        for prefix in ["backups", "", "a/b"] {
            let world = World::below(prefix, layout).await;
            everything(&world).await;
            let calls = world.calls.lock().unwrap().clone();
            assert!(calls.len() > 10);
            let statements = template(prefix, layout).statements();
            for call in &calls {
                assert!(
                    statements.iter().any(|one| one.allows("memory", call)),
                    "{layout:?} below {prefix:?}: nothing allows {call:?} in {statements:#?}"
                );
            }
            let of_s3 = |statement: &&Statement| statement.resource.starts_with("arn:aws:s3:");
            for statement in statements.iter().filter(of_s3) {
                for action in &statement.actions {
                    let used = |call: &&crate::recorder::Call| {
                        call.action == action && statement.allows("memory", call)
                    };
                    assert!(
                        calls.iter().find(used).is_some(),
                        "{layout:?} below {prefix:?}: {} allows {action} for nothing",
                        statement.sid
                    );
                }
            }
        }
    }
}

#[test]
fn beyond_the_bucket_it_allows_its_stream_its_log_and_its_queue() {
    let mut allowed: Vec<String> = template("backups", LayoutKind::Segments)
        .statements()
        .iter()
        .filter(|statement| !statement.resource.starts_with("arn:aws:s3:"))
        .map(|statement| format!("{} on {}", statement.actions.join(" "), statement.resource))
        .collect();
    allowed.sort_unstable();
    let table = "arn:aws:dynamodb:eu-west-1:111122223333:table/memory";
    assert_eq!(
        allowed,
        [
            format!(
                "dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator on {STREAM}"
            ),
            format!("dynamodb:ListStreams on {table}/stream/*"),
            "logs:CreateLogStream logs:PutLogEvents on the \"Arn\" of \"Logs\"".to_owned(),
            "sqs:SendMessage on the \"Arn\" of \"Failures\"".to_owned(),
        ]
    );
}

#[test]
fn a_key_of_ones_own_may_be_used_through_s3_only() {
    let key = "arn:aws:kms:eu-west-1:111122223333:key/1";
    let given = [("StreamArn", STREAM), ("Bucket", "b"), ("KmsKeyArn", key)];
    let template = Template::new(TEMPLATE, &given);
    let of_key = template.statements();
    let of_key = of_key.iter().find(|one| one.sid == "Key").unwrap();
    assert_eq!(of_key.actions, ["kms:Decrypt", "kms:GenerateDataKey"]);
    assert_eq!(of_key.resource, key);
    assert!(TEMPLATE.contains("kms:ViaService: s3.*"));
}

#[test]
fn the_event_source_loses_nothing_silently() {
    let template = template("backups", LayoutKind::Segments);
    let mapping = template.properties("Changes");
    for (name, value) in [
        ("StartingPosition", json!("TRIM_HORIZON")),
        ("BatchSize", json!(1_000)),
        ("MaximumBatchingWindowInSeconds", json!(30)),
        ("ParallelizationFactor", json!(1)),
        ("BisectBatchOnFunctionError", json!(true)),
        ("FunctionResponseTypes", json!(["ReportBatchItemFailures"])),
        ("MaximumRetryAttempts", json!(-1)),
        // Less than the stream's 24 hours, so that what is given up can still be read.
        ("MaximumRecordAgeInSeconds", json!(79_200)),
        (
            "DestinationConfig",
            json!({"OnFailure": {"Destination": "the \"Arn\" of \"Failures\""}}),
        ),
    ] {
        assert_eq!(mapping[name], value, "{name}");
    }
    let function = template.properties("Function");
    assert_eq!(function["Runtime"], "provided.al2023");
    assert_eq!(function.get("ReservedConcurrentExecutions"), None);
    let reserved = [
        ("StreamArn", STREAM),
        ("Bucket", "b"),
        ("ReservedConcurrency", "4"),
    ];
    let reserved = Template::new(TEMPLATE, &reserved).properties("Function");
    assert_eq!(reserved["ReservedConcurrentExecutions"], "4");
}

#[test]
fn the_function_reads_what_the_template_sets() {
    for prefix in ["backups", ""] {
        let function = template(prefix, LayoutKind::Segments).properties("Function");
        let set = &function["Environment"]["Variables"];
        let settings = Settings::read(|name| Some(set.get(name)?.as_str()?.to_owned())).unwrap();
        assert_eq!(
            settings,
            Settings {
                bucket: "memory".to_owned(),
                prefix: prefix.to_owned(),
                table: "memory".to_owned(),
            }
        );
    }
}

#[test]
fn it_passes_cfn_lint() {
    let variable = "TIDEMARK_TEST_CFN_LINT";
    let Ok(cfn_lint) = std::env::var(variable) else {
        eprintln!("skipped: {variable} does not say where cfn-lint is");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("template.yaml");
    std::fs::write(&file, TEMPLATE).unwrap();
    let output = Command::new(cfn_lint)
        .args(["--regions", "eu-west-1", "--"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
