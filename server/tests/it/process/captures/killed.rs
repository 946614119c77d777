use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use serde_json::Value;

use super::world::{LIMIT, Model, World, capture, ended, request, set_up};
use crate::support::wait::until;

/// How long after a start the process is killed: while it takes its leases, reads, stores, waits.
const KILLS: [u64; 6] = [1_100, 2_300, 3_700, 600, 2_900, 4_500];

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_reads_the_console_loses_and_doubles_nothing_and_every_second_can_be_restored()
 {
    let world = World::new().await;
    world.make_table("ledger", None).await;
    let (process, mut client) = world.serve().await;
    let run = set_up(&mut client, &request("ledger")).await;
    let run = ended(&mut client, &run).await;
    assert_eq!(run["view"]["outcome"], "succeeded", "{run}");

    let model = Model::default();
    let writers = model.write(&world, "ledger", 4, 6);
    let mut moments = Vec::new();
    let mut process = Some(process);
    for after in KILLS {
        tokio::time::sleep(Duration::from_millis(after)).await;
        if let Some(process) = process.take() {
            process.kill();
        }
        moments.push(model.moment().await);
        process = Some(world.serve().await.0);
    }
    let written = writers.stop().await;
    assert!(written > 200, "the writers wrote {written} times");
    moments.push(model.moment().await);
    drop(process);
    let (_process, mut client) = world.serve().await;

    let end = Timestamp::now();
    let client = tokio::sync::Mutex::new(&mut client);
    let view = until("the end of the stream stored", LIMIT, || async {
        let view = capture(*client.lock().await).await;
        let until = view["status"]["read_until"].as_str()?;
        let until: Timestamp = until.parse().unwrap();
        (until > end).then_some(view)
    })
    .await;
    assert_eq!(view["status"]["gaps"], Value::Array(Vec::new()), "{view}");
    assert_eq!(view["status"]["last_error"], Value::Null, "{view}");

    // Nothing lost: the table as of each moment is what the writers knew.
    assert_eq!(world.state("ledger").await, *model.now.lock().unwrap());
    for (number, (second, wanted)) in moments.iter().enumerate() {
        let target = format!("as-of-{number}");
        let args = ["--target", &target, "--as-of", second];
        world.records("restore", "ledger", &args);
        assert_eq!(world.state(&target).await, *wanted, "as of {second}");
    }

    // Nothing doubled: each record's history is what the writers did to it, in that order.
    let ever: BTreeMap<_, _> = model.ever.lock().unwrap().clone();
    for (id, wanted) in ever {
        let key = format!(r#"{{"id":{{"S":"{id}"}}}}"#);
        let history = world.records("history", "ledger", &["--key", &key]);
        let versions = history["versions"].as_array().unwrap();
        let became: Vec<Option<String>> = versions
            .iter()
            .map(|version| version["item"]["v"]["S"].as_str().map(str::to_owned))
            .collect();
        assert_eq!(became, wanted, "{id}");
    }
}
