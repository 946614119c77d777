//! Vaults locked and held, over the real router: the pages without scripts, and the API.

use axum::http::StatusCode;
use serde_json::{Value, json};
use tidemark_domain::{Role, plan::BackupPlan};
use tidemark_services::{
    audit::AuditOutcome,
    sync::{SyncConfig, SyncWorker},
};
use tidemark_testkit::build;

use crate::{
    access::Sample,
    support::{ACCOUNT, TestConsole},
};

pub(crate) const NEW_VAULT: &str =
    "do=create&account=111122223333&region=eu-west-1&vault=another&chosen=1";
pub(crate) const NEW_HOLD: &str =
    "do=create&account=111122223333&region=eu-west-1&title=Case&description=Kept&chosen=1";

fn new_vault() -> Value {
    json!({"account": "111122223333", "region": "eu-west-1", "vault": "another", "change": {"create": {}}})
}

fn new_hold() -> Value {
    json!({
        "account": "111122223333",
        "region": "eu-west-1",
        "change": {"create": {"title": "Case", "description": "Kept"}},
    })
}

/// Changes of vaults and legal holds.
pub(crate) fn has_sample(path: &str) -> bool {
    [
        "/api/vaults/plan",
        "/api/vaults/change",
        "/api/v1/vaults/",
        "/api/holds/",
        "/api/v1/holds/",
    ]
    .iter()
    .any(|start| path.starts_with(start))
}

pub(crate) fn sample(path: &str) -> Sample {
    use Sample::{Form, Json};
    match path {
        "/api/vaults/plan" => Json(json!({"query": NEW_VAULT})),
        "/api/vaults/change" => Form(&[("query", NEW_VAULT), ("digest", "not the digest")]),
        "/api/v1/vaults/plan" => Json(new_vault()),
        "/api/v1/vaults/changes" => {
            Json(json!({"request": new_vault(), "digest": "not the digest"}))
        }
        "/api/holds/list" => Json(json!({"query": {}})),
        "/api/holds/plan" => Json(json!({"query": NEW_HOLD})),
        "/api/holds/change" => Form(&[("query", NEW_HOLD), ("digest", "not the digest")]),
        "/api/v1/holds/plan" => Json(new_hold()),
        "/api/v1/holds/changes" => Json(json!({"request": new_hold(), "digest": "not the digest"})),
        other => panic!("{other} has no sample input: add one, so that the tests can call it"),
    }
}

fn change(what: &str, more: &str) -> String {
    format!("do={what}&account={ACCOUNT}&region=eu-west-1&vault=Default{more}&chosen=1")
}

fn digest(body: &str) -> String {
    let after = body.split("name=\"digest\" value=\"").nth(1);
    after.expect("a digest")[..64].to_owned()
}

async fn sync(console: &TestConsole) {
    SyncWorker::new(console.services.clone(), SyncConfig::default())
        .round(None)
        .await;
}

async fn carry_out(console: &TestConsole) {
    let runs = &console.services.runs;
    while runs.run_until_idle().await.unwrap().is_some() {}
    // What the runs asked for is read.
    for account in console.services.accounts.list().await.unwrap() {
        for region in &account.regions {
            tidemark_services::sync::sync_scope(&console.services, &account, region)
                .await
                .unwrap();
        }
    }
}

/// A plan that keeps its points in the vault for a week.
async fn with_plan(console: &TestConsole) {
    let plan: BackupPlan = serde_json::from_value(json!({
        "BackupPlanName": "weekly",
        "Rules": [{"RuleName": "short-rule", "TargetBackupVaultName": "Default", "Lifecycle": {"DeleteAfterDays": 7}}],
    }))
    .unwrap();
    let target = build::target(&build::scope(ACCOUNT, "eu-west-1"));
    let cloud = &console.services.cloud;
    cloud.create_plan(&target, &plan, "t").await.unwrap();
    carry_out(console).await;
    sync(console).await;
}

#[tokio::test]
async fn a_compliance_lock_is_rehearsed_and_wants_the_vaults_name_on_the_page() {
    let console = TestConsole::new().await;
    with_plan(&console).await;
    let mut admin = console.signed_in(Role::Admin).await.browser();
    let vault =
        "/vaults/view?arn=arn%3Aaws%3Abackup%3Aeu-west-1%3A111122223333%3Abackup-vault%3ADefault";
    let shown = admin.get(vault).await.expect(StatusCode::OK);
    for text in ["Lock the vault", "Change the access policy"] {
        assert!(shown.body.contains(text), "{text}: {}", shown.body);
    }

    // A retention that a plan does not keep is caught.
    let wrong = change("lock", "&mode=compliance&days=3&min=30");
    let caught = admin
        .get(&format!("/vaults/change?{wrong}"))
        .await
        .expect(StatusCode::OK);
    for text in [
        "Rehearsal",
        "short-rule",
        "would fail",
        "A check forbids the start",
        "not AWS",
    ] {
        assert!(caught.body.contains(text), "{text}: {}", caught.body);
    }
    assert!(!caught.body.contains("name=\"digest\""), "{}", caught.body);

    let right = change("lock", "&mode=compliance&days=3&min=7");
    let plan = admin
        .get(&format!("/vaults/change?{right}"))
        .await
        .expect(StatusCode::OK);
    let digest = digest(&plan.body);
    let fields = |confirmation: &'static str| {
        [
            ("query", right.clone()),
            ("digest", digest.clone()),
            ("reason", "a rule of the house".to_owned()),
            ("confirmation", confirmation.to_owned()),
            ("page", format!("/vaults/change?{right}")),
        ]
    };
    for typed in ["", "default"] {
        let fields = fields(typed);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let refused = admin.form("/api/vaults/change", &fields).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.body);
    }
    let fields = fields("Default");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let begun = admin.form("/api/vaults/change", &fields).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    let run = begun.header("location").to_owned();
    carry_out(&console).await;
    let done = admin.get(&run).await.expect(StatusCode::OK);
    for text in ["Completed", "Lock the vault Default in compliance mode"] {
        assert!(done.body.contains(text), "{text}: {}", done.body);
    }
    let locked = admin.get(vault).await.expect(StatusCode::OK);
    for text in ["left to change or remove the lock", "Remove the lock"] {
        assert!(locked.body.contains(text), "{text}: {}", locked.body);
    }
}

#[tokio::test]
async fn a_viewer_neither_locks_nor_holds_and_it_is_audited() {
    let console = TestConsole::new().await;
    let mut viewer = console.signed_in(Role::Viewer).await;
    let mut operator = console.signed_in(Role::Operator).await;
    let page = viewer.get("/vaults/change?do=create").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.body);
    let lock = json!({
        "account": ACCOUNT, "region": "eu-west-1", "vault": "Default",
        "change": {"lock": {"mode": "governance"}},
    });
    let hold = json!({
        "account": ACCOUNT, "region": "eu-west-1",
        "change": {"create": {"title": "Case", "description": "Kept"}},
    });
    for (path, request) in [
        (
            "/api/v1/vaults/changes",
            json!({"request": lock, "digest": "", "reason": "r"}),
        ),
        (
            "/api/v1/holds/changes",
            json!({"request": hold, "digest": "", "reason": "r"}),
        ),
    ] {
        for client in [&mut viewer, &mut operator] {
            let refused = client.json(path, &request).await;
            assert_eq!(
                refused.status,
                StatusCode::FORBIDDEN,
                "{path}: {}",
                refused.body
            );
        }
    }
    // An operator creates vaults, but none with a policy.
    let create = |policy: Value| {
        json!({
            "account": ACCOUNT, "region": "eu-west-1", "vault": "another",
            "change": {"create": {"policy": policy}},
        })
    };
    let plan = operator
        .json("/api/v1/vaults/plan", &create(json!(null)))
        .await;
    assert_eq!(plan.status, StatusCode::OK, "{}", plan.body);
    let policy = json!(r#"{"Statement":[]}"#);
    let refused = operator.json("/api/v1/vaults/plan", &create(policy)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    let denied: Vec<String> = console
        .audit()
        .into_iter()
        .filter(|record| record.entry.outcome == AuditOutcome::Denied)
        .map(|record| format!("{} {}", record.entry.actor, record.entry.action))
        .collect();
    for told in [
        "operator vault.lock",
        "operator hold.create",
        "operator vault.plan",
    ] {
        assert!(
            denied.iter().any(|entry| entry == told),
            "{told}: {denied:?}"
        );
    }
}

#[tokio::test]
async fn a_legal_hold_is_made_listed_and_released_with_a_reason_on_the_page() {
    let console = TestConsole::new().await;
    let mut admin = console.signed_in(Role::Admin).await.browser();
    let new = format!(
        "do=create&account={ACCOUNT}&region=eu-west-1&title=Case%207&description=Kept%20for%20the%20court&vaults=Default&chosen=1"
    );
    let plan = admin
        .get(&format!("/holds/change?{new}"))
        .await
        .expect(StatusCode::OK);
    for text in ["Recovery points that it takes", "Make the legal hold"] {
        assert!(plan.body.contains(text), "{text}: {}", plan.body);
    }
    let post = async |admin: &mut crate::support::Client, query: &str, body: &str, reason: &str| {
        let digest = digest(body);
        let fields = [
            ("query", query),
            ("digest", digest.as_str()),
            ("reason", reason),
            ("page", "/holds/change"),
        ];
        admin.form("/api/holds/change", &fields).await
    };
    let begun = post(&mut admin, &new, &plan.body, "a letter").await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    carry_out(&console).await;
    let list = admin.get("/holds").await.expect(StatusCode::OK);
    for text in ["Case 7", "active", "Release"] {
        assert!(list.body.contains(text), "{text}: {}", list.body);
    }
    let href = list
        .body
        .split("href=\"/holds/change?do=release")
        .nth(1)
        .unwrap();
    let href = href.split('"').next().unwrap().replace("&amp;", "&");
    let release = format!("do=release{href}");
    let plan = admin
        .get(&format!("/holds/change?{release}"))
        .await
        .expect(StatusCode::OK);
    let refused = post(&mut admin, &release, &plan.body, " ").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.body);
    let begun = post(&mut admin, &release, &plan.body, "the case is closed").await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    carry_out(&console).await;
    let list = admin
        .get("/holds?status=released")
        .await
        .expect(StatusCode::OK);
    assert!(list.body.contains("canceled"), "{}", list.body);
    let list = admin
        .get("/api/v1/holds?active=true")
        .await
        .expect(StatusCode::OK);
    assert!(!list.body.contains("Case 7"), "{}", list.body);
}
