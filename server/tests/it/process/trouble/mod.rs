//! The console through its own troubles: its disk full, its database cut off or full, itself besieged.

mod connections;
mod disk;
mod passwords;
mod postgres;
mod repeats;
mod starts;

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use hyper::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    client::HttpClient,
    server::{ADMIN_PASSWORD, Process, bare, console, output},
};
use crate::support::target::TargetAccount;

const ACCOUNT: &str = "222233334444";
const TABLE: &str = "arn:aws:dynamodb:eu-west-1:222233334444:table/orders";
/// For what takes a while on a busy machine.
const LIMIT: Duration = Duration::from_mins(1);
/// How long the console may take to be itself again once a trouble is over.
const BACK: Duration = Duration::from_secs(15);
/// How long a trouble lasts: some seconds, or what is asked for.
fn trouble(seconds: u64) -> Duration {
    let asked = std::env::var("TIDEMARK_TEST_TROUBLE_SECONDS").ok();
    let asked = asked.and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(asked.unwrap_or(seconds))
}

/// How long a probe may take.
const PROBE: Duration = Duration::from_secs(2);

/// A simulated AWS with an account and a table, and the settings of consoles that know them.
struct Estate {
    _sandbox: Process,
    endpoint: String,
    data: tempfile::TempDir,
    account: TargetAccount,
    /// None is a file in the folder of data.
    database: Option<String>,
}

impl Estate {
    async fn new(database: Option<String>) -> Self {
        let (sandbox, endpoint) = Process::sandbox();
        let estate = Self {
            _sandbox: sandbox,
            account: TargetAccount::root(&endpoint, ACCOUNT),
            endpoint,
            data: tempfile::tempdir().unwrap(),
            database,
        };
        let add = [
            "accounts",
            "add",
            ACCOUNT,
            "--alias",
            "orders",
            "--regions",
            "eu-west-1",
        ];
        output(&mut estate.command(), &add);
        let template = output(&mut estate.command(), &["accounts", "template", ACCOUNT]);
        estate.account.deploy(&template).await;
        estate.account.table("orders", 20).await;
        estate
    }

    /// The binary with the settings of this estate.
    fn command(&self) -> Command {
        self.settle(bare(), self.data.path())
    }

    /// The settings for a command that may be something before the binary.
    fn settle(&self, mut command: Command, data: &Path) -> Command {
        command.env_clear();
        for (name, value) in console(&self.endpoint, data).get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        if let Some(url) = &self.database {
            command.env("TIDEMARK_DATABASE_URL", url);
        }
        command
    }

    /// Has each call of DynamoDB take a while, so that runs last.
    async fn slow(&self) {
        let rule = json!({
            "service": "dynamodb", "account": ACCOUNT, "kind": "latency", "latency_ms": 1_000,
        });
        let mut admin = HttpClient::new(&self.endpoint);
        let (status, _) = admin.post("/_tidemark/faults", &rule).await;
        assert_eq!(status, StatusCode::CREATED);
    }

    /// How often AWS was asked for that.
    async fn calls(&self, action: &str) -> usize {
        let mut admin = HttpClient::new(&self.endpoint);
        let (_, calls) = admin
            .get(&format!("/_tidemark/calls?action={action}"))
            .await
            .unwrap();
        calls.as_array().unwrap().len()
    }
}

async fn signed_in(url: &str) -> HttpClient {
    let mut client = HttpClient::new(url);
    client.sign_in("admin", ADMIN_PASSWORD).await;
    client
}

/// Begins a restore to now, as soon as the catalogue knows the table.
async fn restore(client: &mut HttpClient, name: &str) -> String {
    let (request, plan) = planned(client, name).await;
    let start = json!({"request": request, "digest": plan["digest"]});
    let (status, answer) = client.post("/api/v1/restores", &start).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    answer["run"].as_str().unwrap().to_owned()
}

/// A restore to now and its plan, as soon as the catalogue knows the table.
async fn planned(client: &mut HttpClient, name: &str) -> (Value, Value) {
    let at = Timestamp::from_second(Timestamp::now().as_second() + 1).unwrap();
    let request = json!({
        "resource": TABLE,
        "source": {"from": "point_in_time", "at": at},
        "target_table": name,
        "metadata": {},
        "service_role": null,
        "put_back": ["tags"],
        "reason": "a test",
    });
    let mut last = Value::Null;
    let start = Instant::now();
    loop {
        let (status, answer) = client.post("/api/v1/restores/plan", &request).await;
        if status == StatusCode::OK {
            return (request, answer);
        }
        assert!(start.elapsed() < LIMIT, "no plan: {last}");
        last = answer;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Waits until the run has ended well.
async fn succeeded(client: &mut HttpClient, id: &str) {
    let start = Instant::now();
    loop {
        if let Some((StatusCode::OK, run)) = client.get(&format!("/api/v1/runs/{id}")).await
            && run["view"]["outcome"] != Value::Null
        {
            assert_eq!(run["view"]["outcome"], "succeeded", "{run}");
            return;
        }
        assert!(start.elapsed() < LIMIT, "the run {id} has not ended");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// What `/readyz` says, which it does in time.
async fn ready(url: &str) -> (bool, String) {
    probe(url, "/readyz").await
}

async fn probe(url: &str, path: &str) -> (bool, String) {
    let start = Instant::now();
    let answer = HttpClient::new(url).get(path).await;
    let took = start.elapsed();
    assert!(took < PROBE, "{path} took {took:?}");
    let (status, answer) = answer.expect("no answer");
    (status == StatusCode::OK, answer.to_string())
}

/// Waits until it is ready.
async fn is_ready_within(url: &str, limit: Duration) {
    let start = Instant::now();
    loop {
        let (is_ready, why) = ready(url).await;
        if is_ready {
            return;
        }
        assert!(start.elapsed() < limit, "not ready after {limit:?}: {why}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
