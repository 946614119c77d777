//! Vaults and legal holds on the command line, by a worker, in an account with the roles of the template.

use std::path::Path;

use jiff::SignedDuration;
use serde_json::Value;
use tidemark_domain::AccountId;
use tidemark_sandbox::{RunningSandbox, Sandbox, SandboxConfig};
use tidemark_sandbox_backup::model::Scope as SimScope;
use tidemark_server::{
    config::{Config, Overrides},
    wiring::{self, AwsAccess},
};
use tidemark_services::{
    Caller,
    accounts::{self, AddAccount, TemplateRequest},
};

use super::server::{Process, console, output, run};
use crate::support::target::TargetAccount;

const CONSOLE: &str = "111111111111";
const ACCOUNT: &str = "222222222222";
const REGION: &str = "eu-west-1";

struct World {
    sandbox: RunningSandbox,
    data: tempfile::TempDir,
    _worker: Process,
}

fn command(endpoint: &str, data: &Path) -> std::process::Command {
    let mut command = console(endpoint, data);
    command.env("AWS_ACCESS_KEY_ID", CONSOLE);
    command
}

impl World {
    async fn new() -> Self {
        let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
        let data = tempfile::tempdir().unwrap();
        let config = Config::with(&Overrides {
            data_dir: Some(data.path().display().to_string()),
            ..Overrides::default()
        })
        .unwrap();
        let access = AwsAccess::Sandbox {
            endpoint: sandbox.endpoint_url().to_owned(),
            account: CONSOLE.parse().unwrap(),
        };
        let wired = wiring::wire(&config, &access).await.unwrap();
        let admin = Caller {
            user_id: None,
            name: "admin".to_owned(),
            role: tidemark_domain::Role::Admin,
            origin: "test".to_owned(),
        };
        let form = AddAccount {
            account: ACCOUNT.to_owned(),
            alias: "orders".to_owned(),
            role: String::new(),
            regions: REGION.to_owned(),
            features: String::new(),
        };
        let account = accounts::add(&wired.services, &admin, &form).await.unwrap();
        let console: AccountId = CONSOLE.parse().unwrap();
        let request = TemplateRequest::one(&account.connection.account);
        let template = accounts::template(&wired.services, &admin, &request, &console)
            .await
            .unwrap();
        let target = TargetAccount::root(sandbox.endpoint_url(), ACCOUNT);
        target.deploy(&template).await;
        wired.store.close().await;
        let worker = Process::silent(command(sandbox.endpoint_url(), data.path()).arg("worker"));
        Self {
            sandbox,
            data,
            _worker: worker,
        }
    }

    /// Runs a command on the account; how it ended, and what it said.
    fn run(&self, verb: &[&str], more: &[&str]) -> (Option<i32>, String) {
        let place = ["--account", ACCOUNT, "--region", REGION];
        let args = [verb, &place, more].concat();
        let mut command = command(self.sandbox.endpoint_url(), self.data.path());
        let ended = run(&mut command, &args);
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&ended.stdout),
            String::from_utf8_lossy(&ended.stderr)
        );
        (ended.status.code(), said)
    }

    fn plan(&self, verb: &[&str], more: &[&str]) -> Value {
        let place = ["--account", ACCOUNT, "--region", REGION, "--output", "json"];
        let mut command = command(self.sandbox.endpoint_url(), self.data.path());
        // Warnings go to standard error.
        let said = output(&mut command, &[verb, &place, more].concat());
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
    }

    /// Plans, then begins as was shown, and follows it to its end.
    fn carry_out(&self, verb: &[&str], more: &[&str], name: &[&str]) -> (Option<i32>, String) {
        let plan = self.plan(verb, more);
        let digest = plan["digest"].as_str().unwrap();
        let confirmed = ["--confirm", digest, "--reason", "a test", "--watch"];
        self.run(verb, &[more, &confirmed, name].concat())
    }

    fn vault(&self, name: &str) -> Option<tidemark_sandbox_backup::model::Vault> {
        let scope = SimScope::new(ACCOUNT, REGION);
        self.sandbox.backup().describe_vault(&scope, name).ok()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vault_is_created_locked_after_its_rehearsal_held_and_kept() {
    let world = World::new().await;
    let key = format!("arn:aws:kms:{REGION}:{ACCOUNT}:key/5eed0000-0000-4000-8000-000000000001");
    let create = ["vaults", "create", "kept"];
    let (code, said) = world.carry_out(&create, &["--key", &key, "--tag", "team=orders"], &[]);
    assert_eq!(code, Some(0), "{said}");
    let made = world.vault("kept").unwrap();
    assert_eq!((made.encryption_key_arn, made.tags.len()), (key, 1));

    // A plan whose points are kept for a week; the next run has the account read again.
    let target = TargetAccount::root(world.sandbox.endpoint_url(), ACCOUNT);
    target.weekly_plan("kept").await;
    let policy = ["vaults", "policy", "kept"];
    let (code, said) = world.carry_out(&policy, &["--allow-copies-from", "333333333333"], &[]);
    assert_eq!(code, Some(0), "{said}");
    let put = world.vault("kept").unwrap().access_policy.unwrap();
    assert!(put.contains("backup:CopyIntoBackupVault"), "{put}");

    let lock = ["vaults", "lock", "kept"];
    let wrong = [
        "--mode",
        "compliance",
        "--changeable-for-days",
        "3",
        "--min-retention-days",
        "30",
    ];
    let mut rules = 0;
    for _ in 0..100 {
        let plan = world.plan(&lock, &wrong);
        rules = plan["rehearsal"]["rules"].as_array().unwrap().len();
        if rules > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    assert_eq!(rules, 1, "the plan was never read");
    let (code, said) = world.carry_out(&lock, &wrong, &["--name", "kept"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("would fail"), "{said}");
    assert!(world.vault("kept").unwrap().lock.is_none());

    let right = [
        "--mode",
        "compliance",
        "--changeable-for-days",
        "3",
        "--min-retention-days",
        "7",
    ];
    let (code, said) = world.carry_out(&lock, &right, &[]);
    assert_ne!(code, Some(0), "{said}");
    assert!(said.contains("confirmation"), "{said}");
    let (code, said) = world.carry_out(&lock, &right, &["--name", "kept"]);
    assert_eq!(code, Some(0), "{said}");
    let locked = world.vault("kept").unwrap().lock.unwrap();
    assert!(
        locked.lock_date.is_some() && locked.min_retention_days == Some(7),
        "{locked:?}"
    );
    // Once its date has passed, nobody removes it.
    world
        .sandbox
        .clock()
        .advance(SignedDuration::from_hours(73));
    let (code, said) = world.carry_out(&["vaults", "unlock", "kept"], &[], &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(world.vault("kept").unwrap().lock.is_some());

    let create = ["holds", "create", "Case 7"];
    let (code, said) = world.carry_out(
        &create,
        &["--description", "for the court", "--vault", "kept"],
        &[],
    );
    assert_eq!(code, Some(0), "{said}");
    let scope = SimScope::new(ACCOUNT, REGION);
    let page = tidemark_sandbox_backup::model::PageRequest::default();
    let listed = world.sandbox.backup().list_legal_holds(&scope, &page);
    let id = listed.items[0].id.clone();
    let (code, said) = world.carry_out(&["holds", "release", &id], &["--retain-record", "30"], &[]);
    assert_eq!(code, Some(0), "{said}");
    let hold = world.sandbox.backup().legal_hold(&scope, &id).unwrap();
    assert_eq!(hold.cancel_description.as_deref(), Some("a test"));
    assert!(hold.retain_record_until.is_some(), "{hold:?}");
}
