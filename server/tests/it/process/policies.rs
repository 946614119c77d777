//! Access for a block storage cluster on the command line, in the demo's estate: the roles are found in
//! stacks nested three deep, the bucket is of another account and Region.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tidemark_domain::{Account, AccountConnection, Features, policy::Document};
use tidemark_sandbox::{Estate, RunningSandbox, Sandbox, SandboxConfig, demo_accounts};
use tidemark_server::{
    config::{Config, Overrides},
    wiring::{self, AwsAccess},
};

use super::server::{Process, console, output, run};

const TOOLING: &str = "111111111111";
const CLUSTER: &str = "333333333333";
const OWNER: &str = "444444444444";
const REGION: &str = "eu-central-1";
const BUCKET: &str = "volume-archive-444444444444";

struct World {
    sandbox: RunningSandbox,
    data: tempfile::TempDir,
    _worker: Process,
}

fn command(endpoint: &str, data: &Path) -> std::process::Command {
    let mut command = console(endpoint, data);
    command.env("AWS_ACCESS_KEY_ID", TOOLING);
    command
}

impl World {
    async fn new() -> Self {
        let sandbox = Sandbox::start(SandboxConfig {
            estate: Estate::Demo { seed: 7 },
            ..SandboxConfig::default()
        })
        .await
        .unwrap();
        let data = tempfile::tempdir().unwrap();
        let config = Config::with(&Overrides {
            data_dir: Some(data.path().display().to_string()),
            ..Overrides::default()
        })
        .unwrap();
        let access = AwsAccess::Sandbox {
            endpoint: sandbox.endpoint_url().to_owned(),
            account: TOOLING.parse().unwrap(),
        };
        let wired = wiring::wire(&config, &access).await.unwrap();
        for known in demo_accounts() {
            if ![CLUSTER, OWNER].contains(&known.account_id) {
                continue;
            }
            let account = Account {
                connection: AccountConnection {
                    account: known.account_id.parse().unwrap(),
                    role: known.role_arn.parse().unwrap(),
                    external_id: known.external_id.parse().unwrap(),
                },
                alias: known.name.to_owned(),
                // Nothing of it is read here, so that the worker has only this to do.
                regions: vec![REGION.parse().unwrap()],
                added_at: wired.services.clock.now(),
                features: Features::all(),
                pending: None,
            };
            wired.services.accounts.add(&account).await.unwrap();
        }
        wired.store.close().await;
        let worker = Process::silent(command(sandbox.endpoint_url(), data.path()).arg("worker"));
        Self {
            sandbox,
            data,
            _worker: worker,
        }
    }

    fn command(&self) -> std::process::Command {
        command(self.sandbox.endpoint_url(), self.data.path())
    }

    /// Runs a command of `tidemark policy bucket` on the archive.
    fn on_archive(&self, verb: &str, more: &[&str]) -> std::process::Output {
        let place = ["--account", OWNER, "--region", REGION, "--bucket", BUCKET];
        let args = [&["policy", "bucket", verb][..], &place, more].concat();
        run(&mut self.command(), &args)
    }

    async fn s3(&self, operation: &str, more: Value) -> Value {
        let mut input = json!({"Bucket": BUCKET});
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        self.sandbox
            .invoke(OWNER, REGION, "s3", operation, input)
            .await
            .unwrap()
    }

    async fn policy(&self) -> String {
        let answer = self.s3("GetBucketPolicy", json!({})).await;
        let bytes = STANDARD
            .decode(answer["__raw_body"].as_str().unwrap())
            .unwrap();
        String::from_utf8(bytes).unwrap()
    }
}

fn text(output: &std::process::Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(
    clippy::too_many_lines,
    reason = "one story from the first look to the return"
)]
async fn a_cluster_gets_access_to_an_archive_loses_a_statement_and_gets_it_back() {
    let world = World::new().await;
    let before = world.policy().await;
    let found = output(
        &mut world.command(),
        &[
            "policy",
            "bucket",
            "roles",
            "--account",
            CLUSTER,
            "--region",
            "eu-west-1",
            "--output",
            "json",
        ],
    );
    let found: Value = serde_json::from_str(&found).unwrap();
    let roles: Vec<&str> = found["roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| role["arn"].as_str().unwrap())
        .collect();
    assert_eq!(roles.len(), 2, "{found}");
    assert_eq!(
        found["roles"][0]["stacks"].as_array().unwrap().len(),
        3,
        "{found}"
    );
    let access = [
        "--for",
        "block-storage",
        "--role",
        roles[0],
        "--role",
        roles[1],
    ];

    let shown = world.on_archive("grant", &access);
    let said = text(&shown);
    assert!(shown.status.success(), "{said}");
    for part in [
        "OnlyOverTls stays as it is",
        "is added",
        "+ ",
        "Nothing was begun",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("fails:"), "{said}");
    assert_eq!(world.policy().await, before);

    let apply = [
        &access[..],
        &["--apply", "--reason", "a new cluster", "--watch"],
    ]
    .concat();
    let applied = world.on_archive("grant", &apply);
    assert!(applied.status.success(), "{}", text(&applied));
    let granted = world.policy().await;
    let statement = Document::read(&before)
        .unwrap()
        .statement_text(0)
        .unwrap()
        .to_owned();
    assert!(granted.contains(&statement), "{granted}");
    assert_eq!(Document::read(&granted).unwrap().statements().len(), 3);
    // The instances' role was tried itself, and nothing is left of it.
    let left = world.s3("ListObjectVersions", json!({})).await.to_string();
    assert!(!left.contains("tidemark-access-proof"), "{left}");
    let checked = world.on_archive("check", &access);
    assert!(checked.status.success(), "{}", text(&checked));

    // Somebody breaks the statement of the function's role.
    let role = roles
        .iter()
        .find(|role| role.contains("LambdaRole"))
        .unwrap();
    let ours = Document::read(&granted).unwrap();
    let broken = (0..3)
        .map(|index| ours.statement_text(index).unwrap())
        .find(|one| one.contains(role))
        .unwrap();
    let by_hand = granted.replace(
        broken,
        &broken.replace("s3:PutObject", "s3:PutObjectTagging"),
    );
    assert_ne!(by_hand, granted);
    world
        .s3(
            "PutBucketPolicy",
            json!({"__raw_body": STANDARD.encode(&by_hand)}),
        )
        .await;
    let checked = world.on_archive("check", &access);
    let said = text(&checked);
    assert_eq!(checked.status.code(), Some(1), "{said}");
    for part in [
        "fails: s3:PutObject",
        "LambdaRole",
        "TidemarkExporterObjects",
        "it was changed",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }

    let repaired = world.on_archive("grant", &apply);
    assert!(repaired.status.success(), "{}", text(&repaired));
    assert_eq!(world.policy().await, granted);
    let checked = world.on_archive("check", &access);
    assert!(checked.status.success(), "{}", text(&checked));

    // Back to what was there before the first run, byte for byte.
    let started = text(&applied);
    let run = started
        .split("Run ")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap();
    let back = ["--run", run, "--apply", "--reason", "a test", "--watch"];
    let returned = world.on_archive("return", &back);
    assert!(returned.status.success(), "{}", text(&returned));
    assert_eq!(world.policy().await, before);
}
