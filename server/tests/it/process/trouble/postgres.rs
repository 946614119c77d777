//! PostgreSQL restarted, cut off without a word, and at its limit of connections, under two consoles and two workers.

use std::time::{Duration, Instant};

use hyper::StatusCode;
use serde_json::Value;
use tidemark_testkit::Proxy;
use uuid::Uuid;

use super::{
    BACK, Estate, LIMIT, is_ready_within, probe, ready, restore, signed_in, succeeded, trouble,
};
use crate::process::{client::HttpClient, server::Process};

/// URL of a PostgreSQL server whose user may create databases and roles.
const POSTGRES: &str = "TIDEMARK_TEST_POSTGRES_URL";
/// What the consoles here give a statement: little for a trouble that is short, and what is usual otherwise.
fn patience() -> Duration {
    if trouble(0).is_zero() {
        Duration::from_secs(3)
    } else {
        Duration::from_secs(20)
    }
}

/// A database of its own; dropped in the end.
pub(super) struct Database {
    server: String,
    name: String,
    pub(super) url: String,
}

impl Database {
    /// None, and a word about it, when there is no server to make it on.
    pub(super) fn create() -> Option<Self> {
        let Ok(server) = std::env::var(POSTGRES) else {
            eprintln!("SKIPPED on PostgreSQL: {POSTGRES} is not set");
            return None;
        };
        Some(Self::on(server))
    }

    pub(super) fn another(&self) -> Self {
        Self::on(self.server.clone())
    }

    fn on(server: String) -> Self {
        let name = format!("tidemark_test_{}", Uuid::new_v4().simple());
        execute(&server, &format!("CREATE DATABASE {name}"));
        let (base, options) = server.split_once('?').unwrap_or((&server, ""));
        let (base, _) = base.rsplit_once('/').unwrap();
        let url = format!("{base}/{name}?{options}");
        Self { server, name, url }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        execute(
            &self.server,
            &format!("DROP DATABASE {} WITH (FORCE)", self.name),
        );
    }
}

/// Runs a statement, whatever runtime the test has.
fn execute(url: &str, sql: &str) {
    let (url, sql) = (url.to_owned(), sql.to_owned());
    let done = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let store = tidemark_store::Store::open(&url).await?;
            let done = store.execute(&sql).await;
            store.close().await;
            done.map(drop)
        })
    });
    if let Err(error) = done.join().unwrap() {
        assert!(std::thread::panicking(), "{error:?}");
    }
}

/// Two consoles and two workers, of which one of each comes to the database by a way that can be cut.
struct Replicas {
    way: Proxy,
    near: (Process, String),
    far: (Process, String),
    near_worker: (Process, String),
    far_worker: (Process, String),
}

impl Replicas {
    async fn start(estate: &Estate, near: &str) -> Self {
        let way = Proxy::to(near).await.unwrap();
        let begin = |url: &str, args: &[&str]| {
            let mut command = estate.command();
            command.args(args).env("TIDEMARK_DATABASE_URL", url).env(
                "TIDEMARK_DATABASE_TIMEOUT_SECONDS",
                patience().as_secs().to_string(),
            );
            Process::answering(&mut command)
        };
        let serve = ["serve", "--no-worker", "--listen", "127.0.0.1:0"];
        let work = ["worker", "--listen", "127.0.0.1:0"];
        let door = |(process, url): (Process, String)| {
            (process, url.trim_end_matches("/healthz").to_owned())
        };
        Self {
            near: begin(near, &serve),
            far: begin(way.url(), &serve),
            near_worker: door(begin(near, &work)),
            far_worker: door(begin(way.url(), &work)),
            way,
        }
    }

    /// Everything is well, within a while of the cause's end.
    async fn are_well(&mut self) {
        for url in [
            &self.near.1,
            &self.far.1,
            &self.near_worker.1,
            &self.far_worker.1,
        ] {
            is_ready_within(url, BACK).await;
            let (lives, why) = probe(url, "/healthz").await;
            assert!(lives, "{why}");
        }
        for (process, _) in [
            &mut self.near,
            &mut self.far,
            &mut self.near_worker,
            &mut self.far_worker,
        ] {
            assert!(process.runs());
        }
    }

    /// Those that are not cut off serve and read meanwhile, and those that are say so in time.
    async fn is_told(&self, until: Instant) {
        let mut told = Vec::new();
        while Instant::now() < until {
            let (is_ready, why) = ready(&self.near.1).await;
            assert!(is_ready, "what is not cut off: {why}");
            let (is_ready, why) = ready(&self.far.1).await;
            if !is_ready {
                told.push(why);
            }
            let (_, _) = ready(&self.far_worker.1).await;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        assert!(!told.is_empty(), "it was cut off and said it was ready");
    }
}

/// A page that follows a run at a process, to its end.
fn followed(client: &HttpClient, url: &str, run: &str) -> tokio::task::JoinHandle<Option<String>> {
    let client = client.clone_for(url);
    let path = format!("/runs/{run}/events");
    tokio::spawn(async move {
        loop {
            let said = client.stream(&path).await?;
            // Not begun yet when the trouble came: a page asks again.
            if !said.starts_with('{') {
                return Some(said);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    })
}

/// One stream brought every event, once each, whatever happened meanwhile.
async fn is_whole(page: tokio::task::JoinHandle<Option<String>>) {
    let events = tokio::time::timeout(LIMIT, page).await.unwrap().unwrap();
    let events = events.expect("it was not begun");
    let ids: Vec<usize> = events
        .lines()
        .filter_map(|line| line.strip_prefix("id: ")?.parse().ok())
        .collect();
    assert_eq!(ids, (1..=ids.len()).collect::<Vec<_>>(), "{events}");
    assert!(events.contains("event: end"), "{events}");
}

/// When the account was read last. While the database takes a moment to let somebody in, it is said so.
async fn last_read(client: &mut HttpClient) -> Value {
    let start = Instant::now();
    loop {
        let (status, account) = client.get("/api/v1/accounts/222233334444").await.unwrap();
        if status == StatusCode::OK {
            return account["scopes"][0]["last_success"].clone();
        }
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{account}");
        assert!(start.elapsed() < BACK, "{account}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Waits until the account has been read anew.
async fn is_read_anew(client: &mut HttpClient, limit: Duration) {
    let before = last_read(client).await;
    is_read_after(&before, client, limit).await;
}

async fn is_read_after(before: &Value, client: &mut HttpClient, limit: Duration) {
    let start = Instant::now();
    while last_read(client).await == *before {
        assert!(start.elapsed() < limit, "not read since {before}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_restarted_or_cut_off_is_worked_with_again_by_itself() {
    let Some(database) = Database::create() else {
        return;
    };
    let estate = Estate::new(Some(database.url.clone())).await;
    let mut replicas = Replicas::start(&estate, &database.url).await;
    replicas.are_well().await;
    let mut client = signed_in(&replicas.near.1).await;

    estate.slow().await;

    // Restarted: connections break off, none is taken for a while.
    let first = restore(&mut client, "restarted").await;
    let page = followed(&client, &replicas.far.1, &first);
    replicas.way.refuse();
    replicas.is_told(Instant::now() + trouble(4)).await;
    replicas.way.take_again().await;
    replicas.are_well().await;
    succeeded(&mut client, &first).await;
    is_whole(page).await;

    // Cut off: nothing comes back, and nothing says so; connections made then are dead for good.
    let second = restore(&mut client, "cut-off").await;
    let page = followed(&client, &replicas.far.1, &second);
    replicas.way.fall_silent();
    let fell = Instant::now();
    // The other worker goes on, whatever lock the dead one had.
    let reading = is_read_anew(&mut client, Duration::from_secs(25));
    let ((), ()) = tokio::join!(reading, replicas.is_told(fell + trouble(12)));
    replicas.way.hear();
    replicas.are_well().await;
    succeeded(&mut client, &second).await;
    is_whole(page).await;
    let mut far = signed_in(&replicas.far.1).await;
    let third = restore(&mut far, "afterwards").await;
    succeeded(&mut far, &third).await;
    assert_eq!(
        estate.calls("RestoreTableToPointInTime").await,
        3,
        "each once"
    );

    // Told to end while it is cut off, a worker does.
    replicas.way.fall_silent();
    tokio::time::sleep(Duration::from_secs(1)).await;
    replicas.far_worker.0.tell_to_end();
    let told = Instant::now();
    while replicas.far_worker.0.runs() {
        assert!(told.elapsed() < Duration::from_secs(35), "it does not end");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_the_databases_limit_of_connections_all_is_served_or_told_why() {
    let Some(database) = Database::create() else {
        return;
    };
    // The tables, and a role that may hold fifteen connections; each of the four processes would open eight.
    let estate = Estate::new(Some(database.url.clone())).await;
    let role = format!("tidemark_few_{}", Uuid::new_v4().simple());
    for sql in [
        format!("CREATE ROLE {role} LOGIN PASSWORD 'few' CONNECTION LIMIT 15"),
        format!("GRANT ALL ON SCHEMA public TO {role}"),
        format!("GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}"),
        format!("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}"),
    ] {
        execute(&database.url, &sql);
    }
    let (_, place) = database.url.rsplit_once('@').unwrap();
    let few = format!("postgres://{role}:few@{place}");
    let mut replicas = Replicas::start(&estate, &few).await;
    let mut client = signed_in(&replicas.near.1).await;
    let run = restore(&mut client, "under-load").await;
    let start = Instant::now();
    let mut load = tokio::task::JoinSet::new();
    for url in [&replicas.near.1, &replicas.far.1] {
        for _ in 0..12 {
            let mut client = client.clone_for(url);
            load.spawn(async move {
                let (mut served, mut told) = (0, 0);
                while start.elapsed() < Duration::from_secs(8) {
                    let asked = Instant::now();
                    let (status, answer) = client.get("/api/v1/runs").await.unwrap();
                    assert!(
                        asked.elapsed() < Duration::from_secs(10),
                        "{:?}",
                        asked.elapsed()
                    );
                    match status {
                        StatusCode::OK => served += 1,
                        StatusCode::SERVICE_UNAVAILABLE => {
                            assert!(answer.to_string().contains("connections"), "{answer}");
                            told += 1;
                        }
                        other => panic!("{other}: {answer}"),
                    }
                }
                (served, told)
            });
        }
    }
    while start.elapsed() < Duration::from_secs(8) {
        let (_, _) = ready(&replicas.near.1).await;
        let (_, _) = ready(&replicas.far.1).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let (mut served, mut told) = (0, 0);
    while let Some(done) = load.join_next().await {
        let (some, others) = done.unwrap();
        served += some;
        told += others;
    }
    eprintln!("{served} served, {told} told why not");
    assert!(served > told * 20, "{served} served, {told} told why not");
    replicas.are_well().await;
    succeeded(&mut client, &run).await;
    is_read_anew(&mut client, LIMIT).await;
    drop(replicas);
    execute(&database.url, &format!("DROP OWNED BY {role}"));
    execute(&database.url, &format!("DROP ROLE {role}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_for_where_no_worker_is_reaches_one_and_two_read_no_more_than_one() {
    let Some(database) = Database::create() else {
        return;
    };
    let estate = Estate::new(Some(database.url.clone())).await;
    let begin = |args: &[&str]| {
        let mut command = estate.command();
        // Its turn does not come again while this test lasts.
        command
            .args(args)
            .env("TIDEMARK_WORKER__SYNC_EVERY_SECONDS", "3600");
        command
    };
    let _workers: Vec<Process> = (0..2)
        .map(|_| Process::silent(&mut begin(&["worker"])))
        .collect();
    let (_process, url) = Process::answering(&mut begin(&[
        "serve",
        "--no-worker",
        "--listen",
        "127.0.0.1:0",
    ]));
    let mut client = signed_in(&url).await;
    let start = Instant::now();
    while last_read(&mut client).await == Value::Null {
        assert!(start.elapsed() < LIMIT);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // Both have looked by now.
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(
        estate.calls("ListBackupVaults").await,
        1,
        "one of the two read it"
    );
    let before = last_read(&mut client).await;
    let account = [("account", "222233334444")];
    let asked = client
        .form("/api/accounts/refresh", &account)
        .await
        .unwrap();
    assert!(asked.is_success() || asked.is_redirection(), "{asked}");
    is_read_after(&before, &mut client, Duration::from_secs(20)).await;
    assert_eq!(estate.calls("ListBackupVaults").await, 2);
}
