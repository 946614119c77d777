//! Recovery points are copied into another account and Region of the simulated AWS: what stands in the way is found before
//! anything starts and told in the same words when it is tried all the same; and thousands of copies survive a kill.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use hyper::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tidemark_sandbox::{RunningSandbox, Sandbox, SandboxConfig};
use tidemark_sandbox_backup::{
    CopyJobFilter, CreateVault, Organization, SeedPoints, StartBackupJob,
    model::{CopyJobState, PageRequest, Scope},
};

use super::{
    client::HttpClient,
    server::{ADMIN_PASSWORD, Process, console, output},
};
use crate::support::target::TargetAccount;

const FROM: &str = "333344445555";
const TO: &str = "666677778888";
const HERE: &str = "eu-west-1";
const THERE: &str = "eu-central-1";
const LIMIT: Duration = Duration::from_mins(5);

/// How many points are copied: `TIDEMARK_TEST_POINTS`, 2,000 unless it is said.
fn points() -> u32 {
    std::env::var("TIDEMARK_TEST_POINTS")
        .ok()
        .and_then(|number| number.parse().ok())
        .unwrap_or(2_000)
}

fn here() -> Scope {
    Scope::new(FROM, HERE)
}

fn there() -> Scope {
    Scope::new(TO, THERE)
}

fn role() -> String {
    format!("arn:aws:iam::{FROM}:role/service-role/AWSBackupDefaultServiceRole")
}

fn vault(name: &str) -> String {
    format!("arn:aws:backup:{THERE}:{TO}:backup-vault:{name}")
}

struct World {
    sandbox: RunningSandbox,
    data: tempfile::TempDir,
}

impl World {
    /// Two accounts with the roles of the template. In the other one, vault `safe` lets the organization in, and vault
    /// `closed` has no policy.
    async fn new() -> Self {
        let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
        let data = tempfile::tempdir().unwrap();
        let world = Self { sandbox, data };
        let endpoint = world.sandbox.endpoint_url().to_owned();
        for (account, region) in [(FROM, HERE), (TO, THERE)] {
            let command = || console(&endpoint, world.data.path());
            let add = [
                "accounts",
                "add",
                account,
                "--alias",
                account,
                "--regions",
                region,
            ];
            output(&mut command(), &add);
            let template = output(&mut command(), &["accounts", "template", account]);
            let root = TargetAccount::root(&endpoint, account);
            root.deploy(&template).await;
            root.vault_and_role("unused").await;
        }
        for name in ["safe", "closed"] {
            let key = world.key(TO, THERE, None).await;
            world.vault(&there(), name, &key);
        }
        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-tidemark000"}},
        }]});
        let backup = world.sandbox.backup();
        backup
            .put_access_policy(&there(), "safe", &policy.to_string())
            .unwrap();
        let key = world.key(FROM, HERE, Some(TO)).await;
        world.vault(&here(), "daily", &key);
        world
    }

    fn vault(&self, scope: &Scope, name: &str, key: &str) {
        let request = CreateVault {
            name: name.to_owned(),
            encryption_key_arn: Some(key.to_owned()),
            ..CreateVault::default()
        };
        let now = self.sandbox.clock().now();
        self.sandbox
            .backup()
            .create_vault(scope, request, now)
            .unwrap();
    }

    /// A customer managed key, shared with an account or with none.
    async fn key(&self, account: &str, region: &str, shared: Option<&str>) -> String {
        let accounts: Vec<String> = std::iter::once(account)
            .chain(shared)
            .map(|id| format!("arn:aws:iam::{id}:root"))
            .collect();
        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": accounts}, "Action": "kms:*", "Resource": "*",
        }]});
        let input = json!({"Policy": policy.to_string()});
        let made = self
            .sandbox
            .invoke(account, region, "kms", "CreateKey", input);
        let made = made.await.unwrap();
        made["KeyMetadata"]["Arn"].as_str().unwrap().to_owned()
    }

    /// A snapshot of a new volume under that key, in vault `daily`.
    async fn snapshot(&self, key: &str) -> String {
        let input = json!({
            "AvailabilityZone": "eu-west-1a", "Size": 1, "VolumeType": "gp3", "Encrypted": true, "KmsKeyId": key,
        });
        let made = self
            .sandbox
            .invoke(FROM, HERE, "ec2", "CreateVolume", input);
        let made = made.await.unwrap().to_string();
        let start = made.find("vol-").unwrap();
        let id: String = made[start..]
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        let backup = self.sandbox.backup();
        let request = StartBackupJob {
            vault: "daily".to_owned(),
            resource_arn: format!("arn:aws:ec2:{HERE}:{FROM}:volume/{id}"),
            iam_role_arn: role(),
            ..StartBackupJob::default()
        };
        let now = self.sandbox.clock().now();
        let job = backup.start_backup_job(&here(), request, now).unwrap();
        self.sandbox.advance(SignedDuration::from_mins(5)).await;
        let job = backup.describe_backup_job(&here(), &job.id).unwrap();
        job.point_arn.unwrap_or_else(|| panic!("{:?}", job.message))
    }

    async fn serve(&self) -> (Process, HttpClient) {
        let (process, url) = Process::serve(self.sandbox.endpoint_url(), self.data.path());
        let mut client = HttpClient::new(&url);
        client.sign_in("admin", ADMIN_PASSWORD).await;
        (process, client)
    }

    /// Lets the copy jobs that were asked for go on, for as long as the test runs.
    async fn let_time_pass(&self) {
        self.sandbox.advance(SignedDuration::from_secs(6)).await;
    }
}

/// Waits until the catalogue knows so many points and both vaults of the other account.
async fn until_known(client: &mut HttpClient, number: u64) {
    let begun = Instant::now();
    loop {
        let (_, page) = client.get("/api/v1/points?limit=1").await.unwrap();
        let (_, vaults) = client.get("/api/v1/vaults").await.unwrap();
        let is_there = ["safe", "closed"].iter().all(|name| {
            let vaults = vaults["items"].as_array().unwrap().iter();
            vaults.clone().any(|row| row["vault"]["name"] == *name)
        });
        if page["total"] == number && is_there {
            return;
        }
        assert!(begun.elapsed() < LIMIT, "{page} {vaults}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn run_of(client: &mut HttpClient, id: &str) -> Option<Value> {
    let (status, run) = client.get(&format!("/api/v1/runs/{id}")).await?;
    (status == StatusCode::OK).then_some(run)
}

fn percent(run: &Value) -> u64 {
    let steps = run["view"]["steps"].as_array().unwrap();
    let copy = steps.iter().find(|step| step["name"] == "copy").unwrap();
    copy["work"]["progress"]["percent"].as_u64().unwrap_or(0)
}

/// The run once it is so far, or has ended.
async fn reached(world: &World, client: &mut HttpClient, id: &str, goal: Option<u64>) -> Value {
    let begun = Instant::now();
    loop {
        world.let_time_pass().await;
        if let Some(run) = run_of(client, id).await {
            let ended = run["view"]["outcome"] != Value::Null;
            if ended || goal.is_some_and(|goal| percent(&run) >= goal) {
                return run;
            }
        }
        assert!(begun.elapsed() < LIMIT, "the run does not get on");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn wish(point: &str, to: &str, anyway: bool) -> Value {
    json!({
        "selection": {"picked": [format!("{FROM}/{point}")]},
        "destination": vault(to),
        "anyway": anyway,
    })
}

async fn plan(client: &mut HttpClient, request: &Value) -> Value {
    let (status, plan) = client.post("/api/v1/points/copies/plan", request).await;
    assert_eq!(status, StatusCode::OK, "{plan}");
    plan
}

async fn start(client: &mut HttpClient, request: &Value, plan: &Value) -> (StatusCode, Value) {
    let start = json!({"request": request, "digest": plan["digest"], "reason": "a test"});
    client.post("/api/v1/points/copies", &start).await
}

/// It is caught before it starts, with the fix; tried all the same, it fails and says so in the same words.
async fn expect_refusal(
    world: &World,
    client: &mut HttpClient,
    (point, to): (&str, &str),
    problem: &str,
) {
    let request = wish(point, to, false);
    let shown = plan(client, &request).await;
    assert_eq!(
        (&shown["points"], &shown["refused"]),
        (&json!(0), &json!(1)),
        "{problem}: {shown}"
    );
    let finding = &shown["findings"][0];
    assert_eq!(finding["problem"], problem, "{shown}");
    assert_eq!(finding["level"], "fails", "{shown}");
    let (status, refused) = start(client, &request, &shown).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{refused}");

    let forced = wish(point, to, true);
    let shown = plan(client, &forced).await;
    assert_eq!(shown["doubtful"], 1, "{shown}");
    let (status, answer) = start(client, &forced, &shown).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    let id = answer["run"].as_str().unwrap();
    let run = reached(world, client, id, None).await;
    assert_eq!(
        run["view"]["outcome"], "failed",
        "{problem}: {}",
        run["view"]
    );
    let (_, items) = client
        .get(&format!("/api/v1/runs/{id}/items?state=failed"))
        .await
        .unwrap();
    let message = items["items"][0]["message"].as_str().unwrap_or_default();
    for words in [&finding["text"], &finding["remedy"]] {
        let words = words.as_str().unwrap();
        assert!(message.contains(words), "{problem}: {words} in {message}");
    }
    assert!(message.contains("AWS says: "), "{message}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_in_the_way_is_found_before_and_told_in_the_same_words_after() {
    let world = World::new().await;
    let sharing = world.key(FROM, HERE, Some(TO)).await;
    let keeping = world.key(FROM, HERE, None).await;
    let shared = world.snapshot(&sharing).await;
    let unshared = world.snapshot(&keeping).await;
    let of_aws = format!("arn:aws:kms:{HERE}:{FROM}:alias/aws/ebs");
    let managed = world.snapshot(&of_aws).await;
    let (process, mut client) = world.serve().await;
    until_known(&mut client, 3).await;
    let client = &mut client;

    expect_refusal(&world, client, (&shared, "closed"), "vault_policy").await;
    expect_refusal(&world, client, (&managed, "safe"), "managed_key").await;
    expect_refusal(&world, client, (&unshared, "safe"), "unshared_key").await;
    world.sandbox.backup().set_organization(Organization {
        members: [(TO.to_owned(), "o-stranger".to_owned())].into(),
        ..Organization::default()
    });
    let shown = plan(client, &wish(&shared, "safe", false)).await;
    // The vault lets in whoever is of its own organization by name, which this account still is.
    assert_eq!(shown["findings"].as_array().unwrap().len(), 1, "{shown}");
    expect_refusal(&world, client, (&shared, "safe"), "other_organization").await;

    world
        .sandbox
        .backup()
        .set_organization(Organization::default());
    let request = wish(&shared, "safe", false);
    let shown = plan(client, &request).await;
    assert_eq!(shown["findings"], json!([]), "{shown}");
    let (status, answer) = start(client, &request, &shown).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    let id = answer["run"].as_str().unwrap();
    let run = reached(&world, client, id, None).await;
    assert_eq!(run["view"]["outcome"], "succeeded", "{}", run["view"]);
    assert!(process.terminate(), "the server ends well");
}

/// Every copy job of the source account, and the points that they copied.
fn jobs(world: &World) -> (usize, BTreeSet<String>) {
    let (mut number, mut sources, mut page) = (0, BTreeSet::new(), PageRequest::default());
    loop {
        let filter = CopyJobFilter::default();
        let jobs = world
            .sandbox
            .backup()
            .list_copy_jobs(&here(), &filter, &page);
        for job in &jobs.items {
            assert_eq!(job.state, CopyJobState::Completed, "{:?}", job.message);
            number += 1;
            sources.insert(job.source_point_arn.clone());
        }
        match jobs.next {
            Some(next) => page.after = Some(next),
            None => return (number, sources),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_of_thousands_of_points_survive_a_kill_and_each_is_made_once() {
    let world = World::new().await;
    let seed = SeedPoints {
        vault: "daily".to_owned(),
        resource_arn: format!("arn:aws:dynamodb:{HERE}:{FROM}:table/orders"),
        count: points(),
        newest: world.sandbox.clock().now(),
        every: SignedDuration::from_mins(10),
        delete_after_days: None,
        size_bytes: 1024,
    };
    let now = world.sandbox.clock().now();
    world
        .sandbox
        .backup()
        .seed_points(&here(), &seed, now)
        .unwrap();
    let (process, mut client) = world.serve().await;
    until_known(&mut client, u64::from(points())).await;
    let request = json!({
        "selection": {"matching": {"vault": "daily"}},
        "destination": vault("safe"),
        "lifecycle": {"cold_after_days": null, "delete_after_days": 90},
    });
    let shown = plan(&mut client, &request).await;
    assert_eq!(shown["points"], points(), "{shown}");
    assert_eq!(shown["findings"], json!([]), "{shown}");
    let (status, answer) = start(&mut client, &request, &shown).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    let id = answer["run"].as_str().unwrap().to_owned();

    let run = reached(&world, &mut client, &id, Some(30)).await;
    assert_eq!(run["view"]["outcome"], Value::Null, "too late to kill");
    process.kill();
    let (process, mut client) = world.serve().await;
    let run = reached(&world, &mut client, &id, None).await;
    assert_eq!(run["view"]["outcome"], "succeeded", "{}", run["view"]);
    assert_eq!(
        run["view"]["summary"]["done"],
        points(),
        "{}",
        run["view"]["summary"]
    );
    let (number, sources) = jobs(&world);
    let all = usize::try_from(points()).unwrap();
    assert_eq!((number, sources.len()), (all, all), "each once");
    assert!(process.terminate(), "the server ends well");
}
