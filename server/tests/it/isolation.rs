//! An account that is denied, one that cannot be reached and one that is slow: the others go on, and
//! these say why.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tidemark_domain::Role;
use tidemark_sandbox::{Estate, FaultRule, RunningSandbox, Sandbox, SandboxConfig};
use tidemark_server::{
    config::{Config, Overrides},
    http::{Settings, Web, router},
    wiring::{self, AwsAccess, Wired},
};
use tidemark_services::{
    Caller,
    accounts::{self, AddAccount, TemplateRequest},
    sync::{SyncConfig, SyncWorker},
    users::{self, CreateUser},
};
use tidemark_testkit::build;

use crate::support::{Client, PASSWORD, target::TargetAccount};

pub(crate) const CONSOLE: &str = "111122223333";
const GOOD: &str = "222233334444";
const DENIED: &str = "333344445555";
const SLOW: &str = "444455556666";
const GONE: &str = "555566667777";

pub(crate) struct World {
    pub(crate) sandbox: RunningSandbox,
    pub(crate) wired: Wired,
    pub(crate) client: Client,
    _data: tempfile::TempDir,
}

pub(crate) fn admin() -> Caller {
    Caller {
        user_id: None,
        name: "admin".to_owned(),
        role: Role::Admin,
        origin: "cli".to_owned(),
    }
}

/// A console over an empty simulated AWS, with somebody who may do everything signed in.
pub(crate) async fn bare_world() -> World {
    let sandbox = Sandbox::start(SandboxConfig {
        estate: Estate::Empty,
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
    let own = build::account_id(CONSOLE);
    let access = AwsAccess::Sandbox {
        endpoint: sandbox.endpoint_url().to_owned(),
        account: own.clone(),
    };
    let wired = wiring::wire(&config, &access).await.unwrap();
    let user = CreateUser {
        name: "admin".to_owned(),
        role: Role::Admin,
        password: PASSWORD.to_owned(),
        must_change_password: false,
    };
    users::create(&wired.services, &admin(), &user)
        .await
        .unwrap();
    let web = Web::new(
        wired.services.clone(),
        Settings::new(&config).unwrap(),
        &config.limits,
        leptos::config::LeptosOptions::builder()
            .output_name("tidemark")
            .site_root("nowhere")
            .build(),
        wiring::sessions(&wired.store),
        own,
    );
    let mut client = Client::new(router(web));
    client
        .form(
            "/api/session/sign_in",
            &[("name", "admin"), ("password", PASSWORD)],
        )
        .await;
    World {
        sandbox,
        wired,
        client,
        _data: data,
    }
}

async fn world() -> World {
    let world = bare_world().await;
    let (wired, sandbox, own) = (&world.wired, &world.sandbox, build::account_id(CONSOLE));
    for id in [GOOD, DENIED, SLOW, GONE] {
        let form = AddAccount {
            account: id.to_owned(),
            alias: format!("account-{id}"),
            role: String::new(),
            regions: "eu-west-1".to_owned(),
            features: String::new(),
        };
        accounts::add(&wired.services, &admin(), &form)
            .await
            .unwrap();
        let template = accounts::template(
            &wired.services,
            &admin(),
            &TemplateRequest::one(&build::account_id(id)),
            &own,
        )
        .await
        .unwrap();
        let template = if id == DENIED {
            // Its role expects another external id than the console has.
            template.replace("tidemark-", "another-")
        } else {
            template
        };
        let account = TargetAccount::root(sandbox.endpoint_url(), id);
        account.deploy(&template).await;
        account.table(&format!("table-of-{id}"), 1).await;
    }
    world
}

impl World {
    async fn sync(&self) {
        let config = SyncConfig {
            deadline: Duration::from_secs(4),
            ..SyncConfig::default()
        };
        SyncWorker::new(self.wired.services.clone(), config)
            .round(None)
            .await;
    }

    async fn account(&mut self, id: &str) -> Value {
        let answer = self.client.get(&format!("/api/v1/accounts/{id}")).await;
        answer.expect(StatusCode::OK).json()
    }

    async fn tables(&mut self) -> Vec<String> {
        let answer = self
            .client
            .get("/api/v1/resources")
            .await
            .expect(StatusCode::OK)
            .json();
        answer["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect()
    }

    fn fault(&self, rule: Value) {
        let rule: FaultRule = serde_json::from_value(rule).unwrap();
        self.sandbox.faults().add(rule);
    }
}

#[tokio::test]
async fn a_denied_a_slow_and_an_unreachable_account_leave_the_others_alone_and_say_why() {
    let mut world = world().await;
    // Everything was well once, but for the account that denies.
    world.sync().await;
    let mut tables = world.tables().await;
    tables.sort();
    assert_eq!(
        tables,
        [GOOD, SLOW, GONE].map(|id| format!("table-of-{id}")),
        "what could be read was read"
    );
    world.fault(json!({"account": SLOW, "kind": "latency", "latency_ms": 20_000}));
    world.fault(json!({"account": GONE, "kind": "drop"}));
    world.sync().await;

    let good = world.account(GOOD).await;
    assert_eq!(good["scopes"][0]["error"], Value::Null, "{good}");
    for (id, cause) in [(DENIED, "external_id"), (SLOW, "slow"), (GONE, "endpoint")] {
        let account = world.account(id).await;
        let error = &account["scopes"][0]["error"];
        assert_eq!(error["cause"], cause, "{account}");
        assert!(!error["message"].as_str().unwrap().is_empty(), "{account}");
        assert!(!error["fix"].as_str().unwrap().is_empty(), "{account}");
    }
    let mut after = world.tables().await;
    after.sort();
    assert_eq!(after, tables, "the last good data stays");

    let mut browser = world.client.clone().browser();
    for (id, word) in [
        (GOOD, "up to date"),
        (DENIED, "access denied"),
        (SLOW, "out of date"),
        (GONE, "unreachable"),
    ] {
        let page = browser
            .get(&format!("/accounts/{id}"))
            .await
            .expect(StatusCode::OK);
        assert!(
            page.body.to_lowercase().contains(word),
            "{id} should be shown as {word}"
        );
    }
    let overview = browser.get("/").await.expect(StatusCode::OK);
    assert!(
        overview.body.contains(&format!("account-{DENIED}")),
        "shown, not left out"
    );
}

#[tokio::test]
async fn a_check_names_the_broken_link_and_the_fix() {
    let mut world = world().await;
    let answer = world
        .client
        .form("/api/accounts/check", &[("account", DENIED)])
        .await
        .expect(StatusCode::OK)
        .json();
    let broken: Vec<&Value> = answer["links"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|link| link["verdict"] == "fail")
        .collect();
    assert_eq!(broken.len(), 1, "{answer}");
    assert!(
        broken[0]["detail"]
            .as_str()
            .unwrap()
            .contains("external id"),
        "{answer}"
    );
    assert!(!broken[0]["fix"].as_str().unwrap().is_empty(), "{answer}");
    let answer = world
        .client
        .form("/api/accounts/check", &[("account", GOOD)])
        .await
        .expect(StatusCode::OK)
        .json();
    let failed = answer["links"]
        .as_array()
        .unwrap()
        .iter()
        .any(|link| link["verdict"] == "fail");
    assert!(!failed, "{answer}");
}
