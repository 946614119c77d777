//! A set of the real process, with a small real application that accepts writes, pauses, queues and resumes.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use hyper::StatusCode;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::{
    client::HttpClient,
    server::{ADMIN_PASSWORD, Process, bare, console, output, run},
};
use crate::support::target::TargetAccount;

const ACCOUNT: &str = "222233334444";
const LIMIT: Duration = Duration::from_mins(1);

/// How the application answers a request to resume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Resume {
    #[default]
    Resumes,
    Breaks,
    Hangs,
}

#[derive(Debug, Default)]
struct State {
    paused: bool,
    resume: Resume,
    /// Writes that got a success, and writes that were turned away while paused.
    written: u64,
    turned_away: u64,
    resumed: u32,
    /// Signatures that came with requests.
    signed: u32,
    longest_pause: Duration,
    since: Option<Instant>,
    /// What it was told to switch over to, and whether it was paused then.
    switched: Vec<(String, bool)>,
    verified: u32,
}

/// The application: `/write`, `/pause`, `/state`, `/resume`.
#[derive(Clone, Default)]
struct Application(Arc<Mutex<State>>);

impl Application {
    async fn start() -> (Self, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let application = Self::default();
        let serving = application.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let application = serving.clone();
                tokio::spawn(async move { application.serve(stream).await });
            }
        });
        (application, address)
    }

    async fn serve(&self, mut stream: TcpStream) {
        let Some(request) = whole(&mut stream).await else {
            return;
        };
        let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
        if request.to_lowercase().contains("tidemark-signature: t=") {
            self.0.lock().unwrap().signed += 1;
        }
        let sent = request.split_once("\r\n\r\n").map(|(_, body)| body);
        let (status, body) = self.answer(&path, sent.unwrap_or_default());
        if status == 0 {
            tokio::time::sleep(LIMIT).await;
            return;
        }
        let answer = format!(
            "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        let _ = stream.write_all(answer.as_bytes()).await;
    }

    fn answer(&self, path: &str, sent: &str) -> (u16, String) {
        let mut state = self.0.lock().unwrap();
        match path {
            "/write" if state.paused => {
                state.turned_away += 1;
                return (503, String::new());
            }
            "/write" => state.written += 1,
            "/pause" if !state.paused => {
                state.paused = true;
                state.since = Some(Instant::now());
            }
            "/verify" => state.verified += 1,
            "/switch" => {
                let paused = state.paused;
                state.switched.push((sent.to_owned(), paused));
            }
            "/resume" => match state.resume {
                Resume::Breaks => return (500, "broken".to_owned()),
                Resume::Hangs => return (0, String::new()),
                Resume::Resumes => {
                    state.resumed += 1;
                    state.paused = false;
                    let pause = state.since.take().map(|since| since.elapsed());
                    state.longest_pause = state.longest_pause.max(pause.unwrap_or_default());
                }
            },
            _ => {}
        }
        (
            200,
            json!({"writes": {"in_flight": 0}, "paused": state.paused}).to_string(),
        )
    }

    fn see<T>(&self, look: impl Fn(&State) -> T) -> T {
        look(&self.0.lock().unwrap())
    }
}

/// A request with its body.
async fn whole(stream: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    loop {
        let mut more = [0; 4096];
        let count = stream.read(&mut more).await.ok()?;
        read.extend_from_slice(&more[..count]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if count == 0 {
                return None;
            }
            continue;
        };
        let head = head.to_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
        if count == 0 || body.len() >= length {
            return Some(text);
        }
    }
}

/// Writes without end, as clients do.
async fn write(address: SocketAddr) {
    loop {
        if let Ok(mut stream) = TcpStream::connect(address).await {
            let _ = stream
                .write_all(b"POST /write HTTP/1.1\r\nhost: x\r\n\r\n")
                .await;
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer).await;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn manifest(address: SocketAddr, resume_when: &str) -> String {
    format!(
        "version: 1
name: shop
account: \"{ACCOUNT}\"
region: eu-west-1
vault: main
members:
  - {{name: orders, table: orders}}
  - {{name: parts, table: parts}}
pause:
  at_most_minutes: 5
  resume_when: {resume_when}
  pause: {{url: \"http://{address}/pause\", body: '{{\"run\": \"{{{{run}}}}\"}}', secret: shop}}
  paused:
    url: http://{address}/state
    method: GET
    poll: {{path: writes.in_flight, equals: 0, every_seconds: 1}}
  resume: {{url: \"http://{address}/resume\", secret: shop, deadline_seconds: 1}}
order:
  - {{member: parts, no_later_than: [orders]}}
restore:
  verify:
    - {{url: \"http://{address}/verify\"}}
  switch:
    url: http://{address}/switch
    body: '{{\"orders\": \"{{{{restored.orders}}}}\", \"parts\": \"{{{{restored.parts}}}}\"}}'
"
    )
}

struct World {
    _sandbox: Process,
    endpoint: String,
    data: tempfile::TempDir,
    application: Application,
    address: SocketAddr,
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
            "shop",
            "--regions",
            "eu-west-1",
        ];
        output(&mut command(), &add);
        let template = output(&mut command(), &["accounts", "template", ACCOUNT]);
        let account = TargetAccount::root(&endpoint, ACCOUNT);
        account.deploy(&template).await;
        account.vault_and_role("main").await;
        account.table("orders", 10).await;
        account.table("parts", 10).await;
        let (application, address) = Application::start().await;
        Self {
            _sandbox: sandbox,
            endpoint,
            data,
            application,
            address,
        }
    }

    fn command(&self) -> std::process::Command {
        let mut command = console(&self.endpoint, self.data.path());
        command
            .env("TIDEMARK_HOOK_HOSTS", self.address.to_string())
            .env("TIDEMARK_HOOK_SECRET_SHOP", "a key");
        command
    }

    async fn serve(&self) -> (Process, HttpClient) {
        let mut command = self.command();
        let (process, url) = Process::answering(command.args(["serve", "--listen", "127.0.0.1:0"]));
        let mut client = HttpClient::new(&url);
        client.sign_in("admin", ADMIN_PASSWORD).await;
        (process, client)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.data.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// Keeps the set, and begins its backup once the catalogue knows its members.
    async fn begin(&self, client: &mut HttpClient, resume_when: &str) -> String {
        let wish = json!({"manifest": manifest(self.address, resume_when)});
        let (status, kept) = client.post("/api/v1/sets", &wish).await;
        assert_eq!(status, StatusCode::OK, "{kept}");
        let start = Instant::now();
        loop {
            let (status, answer) = client
                .post("/api/v1/sets/backup", &json!({"name": "shop"}))
                .await;
            if status == StatusCode::ACCEPTED {
                return answer["run"].as_str().unwrap().to_owned();
            }
            assert!(start.elapsed() < LIMIT, "no backup: {answer}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

async fn view(client: &mut HttpClient, id: &str) -> Option<Value> {
    let (status, run) = client.get(&format!("/api/v1/runs/{id}")).await?;
    (status == StatusCode::OK).then(|| run["view"].clone())
}

async fn ended(client: &mut HttpClient, id: &str) -> Value {
    let start = Instant::now();
    loop {
        if let Some(view) = view(client, id).await
            && view["outcome"] != Value::Null
        {
            return view;
        }
        assert!(start.elapsed() < LIMIT, "the run {id} has not ended");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn until_begun(client: &mut HttpClient, id: &str, step: &str) {
    let start = Instant::now();
    loop {
        let begun = view(client, id).await.is_some_and(|view| {
            let steps = view["steps"].as_array().cloned().unwrap_or_default();
            steps
                .iter()
                .any(|one| one["name"] == step && one["work"]["attempts"].as_u64().unwrap_or(0) > 0)
        });
        if begun {
            return;
        }
        assert!(start.elapsed() < LIMIT, "{step} was never begun");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_set_is_backed_up_while_clients_write_and_its_points_belong_together() {
    let world = World::new().await;
    let clients: Vec<_> = (0..8).map(|_| tokio::spawn(write(world.address))).collect();
    let (process, mut client) = world.serve().await;
    let id = world.begin(&mut client, "completed").await;
    let view = ended(&mut client, &id).await;
    assert_eq!(view["outcome"], "succeeded", "{view}");
    assert_eq!(view["summary"]["completed"], 2, "{view}");
    let seen = world.application.see(|s| {
        (
            s.paused,
            s.resumed,
            s.turned_away > 0,
            s.written > 0,
            s.signed,
        )
    });
    assert_eq!((seen.0, seen.1, seen.2, seen.3), (false, 1, true, true));
    assert!(seen.4 >= 2, "both hooks with a key were signed");
    assert!(world.application.see(|s| s.longest_pause) < Duration::from_mins(5));
    for client in clients {
        client.abort();
    }
    let status = output(&mut world.command(), &["set", "status", "shop"]);
    assert!(
        status.contains("orders COMPLETED, parts COMPLETED"),
        "{status}"
    );
    let start = Instant::now();
    let found = loop {
        let (_, found) = client.get("/api/v1/set/recovery?name=shop").await.unwrap();
        if found["impossible"] == Value::Null {
            break found;
        }
        assert!(start.elapsed() < LIMIT, "{found}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert_eq!(
        found["combinations"][0]["choices"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(process.terminate());
}

#[tokio::test]
async fn writes_are_resumed_though_the_console_is_killed_at_every_step_and_the_hook_fails() {
    let world = World::new().await;
    let (mut process, mut client) = world.serve().await;
    world.application.0.lock().unwrap().resume = Resume::Breaks;
    let id = world.begin(&mut client, "started").await;
    for step in [
        "pause-writes",
        "wait-until-paused",
        "start-backup-jobs",
        "resume-writes",
    ] {
        until_begun(&mut client, &id, step).await;
        process.kill();
        (process, client) = world.serve().await;
    }
    assert!(world.application.see(|state| state.paused));
    world.application.0.lock().unwrap().resume = Resume::Hangs;
    process.kill();
    (process, client) = world.serve().await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    world.application.0.lock().unwrap().resume = Resume::Resumes;
    let back = Instant::now();
    while world.application.see(|state| state.paused) {
        assert!(
            back.elapsed() < Duration::from_secs(30),
            "writes are not resumed"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let view = ended(&mut client, &id).await;
    assert_eq!(view["outcome"], "succeeded", "{view}");
    assert_eq!(view["summary"]["completed"], 2);
    drop(process);
}

/// What the restore of a set would do, once the catalogue knows what there is.
async fn restore_plan(client: &mut HttpClient, wish: &Value) -> Value {
    let start = Instant::now();
    loop {
        let (status, plan) = client.post("/api/v1/sets/restore/plan", wish).await;
        if status == StatusCode::OK {
            return plan;
        }
        assert!(start.elapsed() < LIMIT, "no plan: {plan}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Starts the restore of a set that was planned; how its run ended.
async fn restored(client: &mut HttpClient, plan: &Value) -> Value {
    let wish = json!({"request": plan["request"], "digest": plan["digest"]});
    let (status, begun) = client.post("/api/v1/sets/restore", &wish).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{begun} {plan}");
    ended(client, begun["run"].as_str().unwrap()).await
}

// The command line is waited for while the application answers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_set_is_restored_as_new_verified_and_switched_over_to() {
    let world = World::new().await;
    let account = TargetAccount::root(&world.endpoint, ACCOUNT);
    account.table("void", 0).await;
    let (process, mut client) = world.serve().await;
    let id = world.begin(&mut client, "completed").await;
    assert_eq!(ended(&mut client, &id).await["outcome"], "succeeded");
    let plan = restore_plan(&mut client, &json!({"name": "shop", "switch": true})).await;
    let members = plan["request"]["members"].as_array().unwrap();
    let names: Vec<&str> = members
        .iter()
        .map(|member| member["target"].as_str().unwrap())
        .collect();
    assert!(
        names[0].starts_with("orders-2") && names[1].starts_with("parts-2"),
        "{names:?}"
    );
    let view = restored(&mut client, &plan).await;
    assert_eq!(view["outcome"], "succeeded", "{view}");
    let seen = world
        .application
        .see(|state| (state.paused, state.verified, state.switched.clone()));
    assert_eq!((seen.0, seen.1), (false, 1));
    let [(told, paused)] = &seen.2[..] else {
        panic!("{seen:?}");
    };
    assert!(
        *paused && names.iter().all(|name| told.contains(name)),
        "{told}"
    );
    for name in &names {
        assert_eq!(account.count(name).await, 10, "{name}");
    }

    // The command line shows what it would do, does it, and tells of both.
    let shown = output(&mut world.command(), &["set", "restore", "shop"]);
    assert!(shown.contains("Nothing was started"), "{shown}");
    let targets = ["--target", "orders=orders-b", "--target", "parts=parts-b"];
    let begin = ["set", "restore", "shop", "--yes", "--watch"];
    let all: Vec<&str> = begin.into_iter().chain(targets).collect();
    output(&mut world.command(), &all);
    assert_eq!(account.count("orders-b").await, 10);
    let status = output(&mut world.command(), &["set", "status", "shop"]);
    let told = status.matches("orders RESTORED, parts RESTORED").count();
    assert_eq!(told, 2, "{status}");

    // A table without a record says so, whatever its description counts.
    let member = "  - {name: void, table: void}\n";
    let bare = format!(
        "version: 1\nname: bare\naccount: \"{ACCOUNT}\"\nregion: eu-west-1\nmembers:\n{member}"
    );
    let (status, kept) = client
        .post("/api/v1/sets", &json!({"manifest": bare}))
        .await;
    assert_eq!(status, StatusCode::OK, "{kept}");
    let plan = restore_plan(&mut client, &json!({"name": "bare"})).await;
    let view = restored(&mut client, &plan).await;
    assert_eq!(view["outcome"], "partly_failed", "{view}");
    assert_eq!(view["summary"]["results"][0]["status"], "EMPTY", "{view}");
    assert!(process.terminate());
}

#[tokio::test]
async fn manifests_are_checked_kept_and_backed_up_from_the_command_line() {
    let world = World::new().await;
    let good = world.file("shop.yaml", &manifest(world.address, "started"));
    let wrong = world.file(
        "wrong.yaml",
        &manifest(world.address, "started").replace("table: parts", "tabel: parts"),
    );
    let said = run(&mut world.command(), &["set", "validate", &wrong]);
    assert_eq!(said.status.code(), Some(1));
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(
        said.contains("line 8: members[1].tabel: is not known here; did you mean table?"),
        "{said}"
    );
    // Without the setting the application's address is a private one.
    let closed = run(&mut bare(), &["set", "validate", &good]);
    assert_eq!(closed.status.code(), Some(1));
    let said = output(&mut world.command(), &["set", "validate", &good]);
    assert!(
        said.contains("Nothing is wrong with the set shop of 2 members."),
        "{said}"
    );
    let kept = output(&mut world.command(), &["set", "put", &good]);
    assert!(kept.contains("The set shop has version 1 now."), "{kept}");
    let listed = output(&mut world.command(), &["set", "list"]);
    assert!(listed.contains("shop"), "{listed}");
    let text = output(&mut world.command(), &["set", "show", "shop", "--manifest"]);
    assert_eq!(
        text.trim_end(),
        manifest(world.address, "started").trim_end()
    );
    let nothing = run(&mut world.command(), &["set", "recovery", "shop"]);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(Path::new(&good).exists());
}
