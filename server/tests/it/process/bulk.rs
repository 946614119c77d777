use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use aws_sdk_backup::types::RecoveryPointSelection;
use hyper::StatusCode;
use serde_json::{Value, json};

use super::{
    client::HttpClient,
    server::{ADMIN_PASSWORD, Process, console, output},
};
use crate::support::target::TargetAccount;

const ACCOUNT: &str = "333344445555";
const TABLE: &str = "arn:aws:dynamodb:eu-west-1:333344445555:table/orders";
const POINTS: usize = 5_000;
const LOCKED: usize = 20;
const HELD: usize = 10;
const LIMIT: Duration = Duration::from_mins(4);

struct World {
    _sandbox: Process,
    endpoint: String,
    data: tempfile::TempDir,
    account: TargetAccount,
    to_delete: BTreeSet<String>,
}

impl World {
    /// An account with a vault of 5,000 points, a locked one and one under a legal hold.
    async fn new() -> Self {
        let (sandbox, endpoint) = Process::sandbox();
        let data = tempfile::tempdir().unwrap();
        let command = || console(&endpoint, data.path());
        let add = [
            "accounts",
            "add",
            ACCOUNT,
            "--alias",
            "orders",
            "--regions",
            "eu-west-1",
        ];
        output(&mut command(), &add);
        let template = output(&mut command(), &["accounts", "template", ACCOUNT]);
        let account = TargetAccount::root(&endpoint, ACCOUNT);
        account.deploy(&template).await;
        for vault in ["daily", "locked", "held"] {
            account
                .backup
                .create_backup_vault()
                .backup_vault_name(vault)
                .send()
                .await
                .unwrap();
        }
        let to_delete = seed(&endpoint, "daily", POINTS).await;
        seed(&endpoint, "locked", LOCKED).await;
        seed(&endpoint, "held", HELD).await;
        account
            .backup
            .put_backup_vault_lock_configuration()
            .backup_vault_name("locked")
            .min_retention_days(7)
            .send()
            .await
            .unwrap();
        account
            .backup
            .create_legal_hold()
            .title("Case 7")
            .description("a test")
            .recovery_point_selection(
                RecoveryPointSelection::builder()
                    .vault_names("held")
                    .build(),
            )
            .send()
            .await
            .unwrap();
        Self {
            _sandbox: sandbox,
            endpoint,
            data,
            account,
            to_delete,
        }
    }

    async fn serve(&self) -> (Process, HttpClient) {
        let (process, url) = Process::serve(&self.endpoint, self.data.path());
        let mut client = HttpClient::new(&url);
        client.sign_in("admin", ADMIN_PASSWORD).await;
        (process, client)
    }

    async fn deletions(&self) -> Vec<Value> {
        let mut admin = HttpClient::new(&self.endpoint);
        let path = "/_tidemark/calls?action=DeleteRecoveryPoint";
        let (_, calls) = admin.get(path).await.unwrap();
        calls.as_array().unwrap().clone()
    }

    async fn left(&self, vault: &str) -> usize {
        let page = self
            .account
            .backup
            .list_recovery_points_by_backup_vault()
            .backup_vault_name(vault)
            .max_results(1000)
            .send()
            .await
            .unwrap();
        page.recovery_points().len()
    }
}

/// Makes points in a vault; answers their ARNs.
async fn seed(endpoint: &str, vault: &str, count: usize) -> BTreeSet<String> {
    let mut admin = HttpClient::new(endpoint);
    let request = json!({
        "account": ACCOUNT, "region": "eu-west-1", "vault": vault, "resource_arn": TABLE,
        "count": count, "every_seconds": 600, "size_bytes": 1024,
    });
    let (status, arns) = admin.post("/_tidemark/points", &request).await;
    assert_eq!(status, StatusCode::CREATED, "{arns}");
    let arns = arns.as_array().unwrap().iter();
    arns.map(|arn| arn.as_str().unwrap().to_owned()).collect()
}

/// Waits until the catalogue knows every point, held and locked ones as such.
async fn until_known(client: &mut HttpClient) {
    let start = std::time::Instant::now();
    for (filter, number) in [
        ("", POINTS + LOCKED + HELD),
        ("&held=true", HELD),
        ("&locked=true", LOCKED),
    ] {
        loop {
            let path = format!("/api/v1/points?limit=1{filter}");
            let (_, page) = client.get(&path).await.unwrap();
            if page["total"] == number {
                break;
            }
            assert!(start.elapsed() < LIMIT, "{path}: {}", page["total"]);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// How far the run is, in percent, and whether it has ended; none while the console is down.
async fn progress(client: &mut HttpClient, id: &str) -> Option<(u64, Value)> {
    let (status, run) = client.get(&format!("/api/v1/runs/{id}")).await?;
    if status != StatusCode::OK {
        return None;
    }
    let steps = run["view"]["steps"].as_array().unwrap();
    let work = steps
        .iter()
        .find(|step| step["name"] == "work-through-the-list")
        .unwrap();
    let percent = work["work"]["progress"]["percent"].as_u64().unwrap_or(0);
    Some((percent, run))
}

/// The simulated AWS's record of calls tells: each point was deleted by one call, and nothing else was
/// ever asked for.
async fn expect_each_deleted_once(world: &World) {
    let mut deleted: BTreeMap<String, usize> = BTreeMap::new();
    let mut asked: BTreeSet<String> = BTreeSet::new();
    for call in world.deletions().await {
        let arns = call["resources"].as_array().unwrap();
        let arn = arns
            .iter()
            .filter_map(Value::as_str)
            .find(|arn| arn.contains(":recovery-point:"))
            .unwrap_or_else(|| panic!("{call}"))
            .to_owned();
        if call["status"] == 200 {
            *deleted.entry(arn.clone()).or_default() += 1;
        }
        asked.insert(arn);
    }
    assert_eq!(asked, world.to_delete, "nothing else was ever asked for");
    assert_eq!(deleted.len(), POINTS, "each was deleted");
    assert!(deleted.values().all(|times| *times == 1), "each once");
    assert_eq!(world.left("daily").await, 0);
    assert_eq!(world.left("locked").await, LOCKED);
    assert_eq!(world.left("held").await, HELD);
}

#[tokio::test]
async fn a_deletion_of_5000_points_survives_kills_and_throttling_and_deletes_each_once() {
    let world = World::new().await;
    let (mut process, mut client) = world.serve().await;
    until_known(&mut client).await;

    let request = json!({
        "action": {"do": "delete"}, "selection": {"matching": {"account": ACCOUNT}},
    });
    let (status, plan) = client.post("/api/v1/points/plan", &request).await;
    assert_eq!(status, StatusCode::OK, "{plan}");
    assert_eq!(plan["points"], POINTS, "{plan}");
    let left: BTreeMap<&str, u64> = plan["left"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| {
            (
                group["keep"].as_str().unwrap(),
                group["points"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        left,
        BTreeMap::from([("held", HELD as u64), ("locked", LOCKED as u64)])
    );

    let mut admin = HttpClient::new(&world.endpoint);
    let faults = json!([
        {"service": "backup", "action": "DeleteRecoveryPoint", "kind": "throttle", "probability": 0.005},
        {"service": "backup", "action": "DeleteRecoveryPoint", "kind": "server_error", "probability": 0.001},
        {"service": "backup", "action": "DeleteRecoveryPoint", "kind": "latency", "latency_ms": 5},
    ]);
    let (status, _) = admin.post("/_tidemark/faults", &faults).await;
    assert_eq!(status, StatusCode::CREATED);
    let start = json!({
        "request": request, "digest": plan["digest"], "confirmation": plan["confirmation"],
        "reason": "a test", "token": "once",
    });
    let (status, answer) = client.post("/api/v1/points/changes", &start).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    let id = answer["run"].as_str().unwrap().to_owned();

    for percent in [3, 20, 45, 70, 90] {
        let begun = std::time::Instant::now();
        loop {
            if let Some((now, run)) = progress(&mut client, &id).await {
                assert_eq!(
                    run["view"]["error"],
                    Value::Null,
                    "{}",
                    run["view"]["error"]
                );
                if now >= percent {
                    break;
                }
            }
            assert!(
                begun.elapsed() < LIMIT,
                "the run does not reach {percent} %"
            );
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        process.kill();
        (process, client) = world.serve().await;
    }
    let begun = std::time::Instant::now();
    let run = loop {
        if let Some((_, run)) = progress(&mut client, &id).await
            && run["view"]["outcome"] != Value::Null
        {
            break run;
        }
        assert!(begun.elapsed() < LIMIT, "the run does not end");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert_eq!(run["view"]["outcome"], "succeeded", "{}", run["view"]);
    assert_eq!(
        run["view"]["summary"]["done"], POINTS,
        "{}",
        run["view"]["summary"]
    );
    assert_eq!(run["view"]["summary"]["left"], LOCKED + HELD);

    expect_each_deleted_once(&world).await;
    let path = format!("/api/v1/runs/{id}/items?state=left&limit=100");
    let (_, items) = client.get(&path).await.unwrap();
    let why: BTreeSet<&str> = items["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["message"].as_str().unwrap())
        .collect();
    assert_eq!(why.len(), 2, "{why:?}");
    assert!(why.iter().any(|why| why.contains("legal hold")), "{why:?}");
    assert!(why.iter().any(|why| why.contains("locked")), "{why:?}");
    assert!(
        process.terminate(),
        "the server ends well when it is told to stop"
    );
}
