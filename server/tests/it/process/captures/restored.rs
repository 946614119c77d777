use std::collections::BTreeMap;

use hyper::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::world::{ACCOUNT, LIMIT, Model, World, arn, capture, ended, request, set_up};
use crate::{process::client::HttpClient, support::wait::until};

fn restore(capture: &str, at: &str, partition: Option<&str>, table: &str) -> Value {
    json!({
        "resource": arn("ledger"),
        "source": {"from": "records", "capture": capture, "at": at, "partition": partition},
        "target_table": table,
        "metadata": {},
        "service_role": null,
        "put_back": ["stream"],
        "reason": "a test",
    })
}

/// Starts what a plan shows and answers the run.
pub(super) async fn start(client: &mut HttpClient, request: &Value) -> String {
    let (status, plan) = client.post("/api/v1/restores/plan", request).await;
    assert_eq!(status, StatusCode::OK, "{plan}");
    for check in plan["checks"].as_array().unwrap() {
        assert_eq!(check["verdict"], "pass", "{check}");
    }
    let start = json!({"request": request, "digest": plan["digest"]});
    let (status, answer) = client.post("/api/v1/restores", &start).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    answer["run"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_of_the_records_comes_back_as_a_new_table_though_the_console_is_killed_meanwhile()
{
    let world = World::new().await;
    world.make_table("ledger", None).await;
    let (process, mut client) = world.serve().await;
    let run = set_up(&mut client, &request("ledger")).await;
    let run = ended(&mut client, &run).await;
    assert_eq!(run["view"]["outcome"], "succeeded", "{run}");
    let model = Model::default();
    let writers = model.write(&world, "ledger", 4, 60);
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let (second, wanted) = model.moment().await;
    assert!(wanted.len() > 60, "{} records", wanted.len());
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    writers.stop().await;
    assert_ne!(world.state("ledger").await, wanted);
    let now = Timestamp::now();
    let watched = tokio::sync::Mutex::new(&mut client);
    let view = until("the stream stored", LIMIT, || async {
        let view = capture(*watched.lock().await).await;
        let read: Timestamp = view["status"]["read_until"].as_str()?.parse().unwrap();
        (read > now).then_some(view)
    })
    .await;
    let id = view["capture"]["id"].as_str().unwrap();

    // What makes no sense is refused by field, before anything is made.
    for (request, status, said) in [
        (
            restore(id, "2020-01-01T00:00:00Z", None, "t-1"),
            StatusCode::BAD_REQUEST,
            "must lie between",
        ),
        (
            restore("no-such-capture", &second, None, "t-1"),
            StatusCode::NOT_FOUND,
            "no-such-capture",
        ),
        (
            restore(id, &second, Some(&"x".repeat(3_000)), "t-1"),
            StatusCode::BAD_REQUEST,
            "at most 2048 bytes",
        ),
    ] {
        let (answered, answer) = client.post("/api/v1/restores/plan", &request).await;
        assert_eq!(answered, status, "{answer}");
        assert!(answer.to_string().contains(said), "{answer}");
    }

    // Each write takes a while, so that the console can be killed between two.
    let mut admin = HttpClient::new(&world.endpoint);
    let slow = json!({
        "service": "dynamodb", "account": ACCOUNT, "kind": "latency", "latency_ms": 900,
    });
    let (status, _) = admin.post("/_tidemark/faults", &slow).await;
    assert_eq!(status, StatusCode::CREATED);
    let run = start(&mut client, &restore(id, &second, None, "whole")).await;
    until("the first write", LIMIT, || async {
        let mut admin = HttpClient::new(&world.endpoint);
        let (_, calls) = admin.get("/_tidemark/calls").await?;
        calls
            .as_array()?
            .iter()
            .any(|call| call["action"] == "BatchWriteItem")
            .then_some(())
    })
    .await;
    process.kill();
    admin.delete("/_tidemark/faults").await;
    let (_process, mut client) = world.serve().await;
    let run = ended(&mut client, &run).await;
    assert_eq!(run["view"]["outcome"], "succeeded", "{run}");
    assert_eq!(world.state("whole").await, wanted);
    let described = world.dynamodb.describe_table().table_name("whole").send();
    let table = described.await.unwrap().table.unwrap();
    assert!(table.latest_stream_arn.is_some(), "{table:?}");
    let (_, calls) = admin.get("/_tidemark/calls").await.unwrap();
    let calls = calls.as_array().unwrap();
    let made = calls
        .iter()
        .filter(|call| call["action"] == "CreateTable" && call["source_identity"] == "admin");
    assert_eq!(made.count(), 1, "one table is made, once");

    // One partition alone.
    let (key, value) = wanted.iter().next().unwrap();
    let run = start(&mut client, &restore(id, &second, Some(key), "one")).await;
    let run = ended(&mut client, &run).await;
    assert_eq!(run["view"]["outcome"], "succeeded", "{run}");
    let one = BTreeMap::from([(key.clone(), value.clone())]);
    assert_eq!(world.state("one").await, one);

    // A name that is taken is told before.
    let taken = restore(id, &second, None, "whole");
    let (_, plan) = client.post("/api/v1/restores/plan", &taken).await;
    let said = plan["checks"].to_string();
    assert!(said.contains("exists there already"), "{said}");
}
