use std::time::Duration;

use hyper::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    client::HttpClient,
    server::{ADMIN_PASSWORD, Process, console, output},
};
use crate::support::{target::TargetAccount, wait::until};

const ACCOUNT: &str = "222233334444";
const TABLE: &str = "arn:aws:dynamodb:eu-west-1:222233334444:table/orders";
const ITEMS: usize = 60;
const LIMIT: Duration = Duration::from_mins(1);

/// Set-up that both tests share: a simulated AWS with a registered account and a table.
struct World {
    _sandbox: Process,
    endpoint: String,
    data: tempfile::TempDir,
    account: TargetAccount,
}

impl World {
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
        account.table("orders", ITEMS).await;
        Self {
            _sandbox: sandbox,
            endpoint,
            data,
            account,
        }
    }

    async fn serve(&self) -> (Process, HttpClient) {
        let (process, url) = Process::serve(&self.endpoint, self.data.path());
        let mut client = HttpClient::new(&url);
        client.sign_in("admin", ADMIN_PASSWORD).await;
        (process, client)
    }

    /// Begins a restore to now, as soon as the catalogue knows the table and the window reaches here.
    async fn restore(&self, client: &mut HttpClient, name: &str) -> String {
        let at = Timestamp::from_second(Timestamp::now().as_second() + 1).unwrap();
        let request = json!({
            "resource": TABLE,
            "source": {"from": "point_in_time", "at": at},
            "target_table": name,
            "metadata": {},
            "service_role": null,
            "put_back": ["tags", "time_to_live", "stream", "point_in_time_recovery"],
            "reason": "a test",
        });
        let mut last = Value::Null;
        let start = std::time::Instant::now();
        let plan = loop {
            let (status, answer) = client.post("/api/v1/restores/plan", &request).await;
            if status == StatusCode::OK {
                break answer;
            }
            assert!(start.elapsed() < LIMIT, "no plan: {last}");
            last = answer;
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        let start = json!({"request": request, "digest": plan["digest"]});
        let (status, answer) = client.post("/api/v1/restores", &start).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
        answer["run"].as_str().unwrap().to_owned()
    }

    async fn faults(&self, rule: Option<Value>) {
        let mut admin = HttpClient::new(&self.endpoint);
        match rule {
            Some(rule) => {
                let (status, _) = admin.post("/_tidemark/faults", &rule).await;
                assert_eq!(status, StatusCode::CREATED);
            }
            None => admin.delete("/_tidemark/faults").await,
        }
    }

    async fn calls(&self) -> Vec<Value> {
        let mut admin = HttpClient::new(&self.endpoint);
        let (_, calls) = admin.get("/_tidemark/calls").await.unwrap();
        calls.as_array().unwrap().clone()
    }
}

async fn run(client: &mut HttpClient, id: &str) -> Option<Value> {
    let (status, run) = client.get(&format!("/api/v1/runs/{id}")).await?;
    (status == StatusCode::OK).then_some(run)
}

async fn ended(client: &mut HttpClient, id: &str) -> Value {
    let start = std::time::Instant::now();
    loop {
        if let Some(run) = run(client, id).await
            && run["view"]["outcome"] != Value::Null
        {
            return run;
        }
        assert!(start.elapsed() < LIMIT, "the run {id} has not ended");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Whether the step has begun, or is past.
fn begun(run: &Value, step: &str) -> bool {
    run["events"]
        .as_array()
        .unwrap()
        .iter()
        .any(|event| event["type"] == "step_started" && event["step"] == step)
}

#[tokio::test]
async fn a_restore_that_is_killed_at_every_step_still_ends_with_one_table() {
    let world = World::new().await;
    let (mut process, mut client) = world.serve().await;
    // Each call takes a while, so that every step can be caught in the middle.
    let slow = json!({
        "service": "dynamodb", "account": ACCOUNT, "kind": "latency", "latency_ms": 700,
    });
    let id = world.restore(&mut client, "orders-restored").await;
    world.faults(Some(slow)).await;
    let first = run(&mut client, &id).await.unwrap();
    let steps: Vec<String> = first["view"]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["name"].as_str().unwrap().to_owned())
        .collect();
    assert!(steps.len() >= 6, "{steps:?}");
    let mut kills = 0;
    for step in &steps {
        let start = std::time::Instant::now();
        let caught = loop {
            if let Some(run) = run(&mut client, &id).await {
                if begun(&run, step) {
                    break run["view"]["outcome"] == Value::Null;
                }
                assert_eq!(run["view"]["error"], Value::Null, "{run}");
            }
            assert!(start.elapsed() < LIMIT, "step {step} was never begun");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        if !caught {
            break;
        }
        process.kill();
        kills += 1;
        (process, client) = world.serve().await;
    }
    assert!(
        kills >= steps.len() - 1,
        "killed {kills} times in {steps:?}"
    );
    world.faults(None).await;
    let run = ended(&mut client, &id).await;
    assert_eq!(run["view"]["outcome"], "succeeded", "{run}");

    let mut tables = world.account.tables().await;
    tables.sort();
    assert_eq!(tables, ["orders", "orders-restored"]);
    assert_eq!(
        world.account.count("orders-restored").await,
        i32::try_from(ITEMS).unwrap()
    );
    let created = world
        .calls()
        .await
        .iter()
        .filter(|call| call["action"] == "RestoreTableToPointInTime" && call["status"] == 200)
        .count();
    assert_eq!(created, 1, "DynamoDB was asked successfully once");
    assert!(
        process.terminate(),
        "the server ends well when it is told to stop"
    );
}

#[tokio::test]
async fn every_call_of_a_run_is_made_as_the_accounts_role_in_the_name_of_the_user() {
    let world = World::new().await;
    let (_process, mut client) = world.serve().await;
    let id = world.restore(&mut client, "orders-copy").await;
    let run = ended(&mut client, &id).await;
    assert_eq!(run["view"]["outcome"], "succeeded", "{run}");
    let session = format!("tidemark-run-{id}");
    let calls = world.calls().await;
    let of_run: Vec<&Value> = calls
        .iter()
        .filter(|call| call["session_name"] == session.as_str())
        .collect();
    let assumed = format!("arn:aws:sts::{ACCOUNT}:assumed-role/TidemarkAccess/{session}");
    for call in &of_run {
        if call["action"] == "AssumeRole" {
            continue;
        }
        assert_eq!(call["account"], ACCOUNT, "{call}");
        assert_eq!(call["principal_arn"], assumed.as_str(), "{call}");
        assert_eq!(call["source_identity"], "admin", "{call}");
    }
    let changing = [
        "RestoreTableToPointInTime",
        "TagResource",
        "UpdateTable",
        "UpdateTimeToLive",
        "UpdateContinuousBackups",
    ];
    for action in changing {
        let by_run = of_run
            .iter()
            .any(|call| call["action"] == action && call["status"] == 200);
        assert!(by_run, "{action} is missing among the run's calls");
    }
    // Whatever the console changed in the account, it changed in the run's session.
    for call in calls
        .iter()
        .filter(|call| changing.contains(&call["action"].as_str().unwrap_or_default()))
    {
        let is_root = call["access_key_id"] == ACCOUNT;
        assert!(
            is_root || call["session_name"] == session.as_str(),
            "{call}"
        );
    }
    let assumption = until("the AssumeRole call", LIMIT, || async {
        world.calls().await.into_iter().find(|call| {
            call["action"] == "AssumeRole"
                && call["source_identity"] == "admin"
                && call["status"] == 200
        })
    })
    .await;
    assert_eq!(assumption["account"], "111122223333", "{assumption}");
}
