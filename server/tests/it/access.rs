//! Who may use what: every registered entry, as nobody and as every role.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Value, json};
use tidemark_domain::{Reach, Role};
use tidemark_server::{
    config::Overrides,
    http::{
        api,
        endpoints::{Access, ENDPOINTS, Endpoint, Kind},
        page_routes,
    },
};

use crate::{
    samples::{BUCKET, account_sample, bucket_sample, set_sample},
    support::{Answer, CARTS, Client, EXPORTER, ORDERS, TestConsole},
    vaults,
};

const NO_RUN: &str = "01936b2e-7c1f-7e07-8a0d-6f2f3c0a5b11";
const VAULT: &str = "arn:aws:backup:eu-west-1:111122223333:backup-vault:Default";
const POINT: &str = "arn:aws:backup:eu-west-1:111122223333:recovery-point:none";
const NO_USER: &str = "somebody-unknown";
const BUCKET_QUERY: &str = "account=111122223333&region=eu-west-1&bucket=volumes-111122223333";

#[tokio::test]
async fn the_table_of_endpoints_names_everything_that_is_registered_and_nothing_else() {
    let console = TestConsole::new().await;
    // Pages and functions register themselves when the router is made.
    let _ = console.client();
    let mut registered = BTreeSet::new();
    for (path, method) in server_fn_paths() {
        registered.insert((method.to_string(), path.to_owned()));
    }
    for page in page_routes() {
        for method in page.methods() {
            registered.insert((format!("{method:?}").to_uppercase(), page.path().to_owned()));
        }
    }
    // The exclusions among the listings carry no method.
    for (path, item) in api::description().paths.paths {
        for (method, there) in [("GET", item.get.is_some()), ("POST", item.post.is_some())] {
            if there {
                registered.insert((method.to_owned(), path.clone()));
            }
        }
        let others = item.put.is_some() || item.delete.is_some() || item.patch.is_some();
        assert!(!others, "{path} has a method that this test does not know");
    }
    for path in [
        api::DESCRIPTION,
        "/runs/{id}/events",
        "/timeline/export.csv",
        "/timeline/export.svg",
        "/records/record.json",
    ] {
        registered.insert(("GET".to_owned(), path.to_owned()));
    }
    registered.insert(("POST".to_owned(), "/browser/panics".to_owned()));
    let named: BTreeSet<_> = ENDPOINTS
        .iter()
        .map(|endpoint| (endpoint.method.to_string(), endpoint.path.to_owned()))
        .collect();
    let missing: Vec<_> = registered.difference(&named).collect();
    assert!(
        missing.is_empty(),
        "registered and not in the table: {missing:?}"
    );
    let gone: Vec<_> = named.difference(&registered).collect();
    assert!(gone.is_empty(), "in the table and not registered: {gone:?}");
}

#[tokio::test]
async fn nobody_gets_an_answer_but_from_what_is_public() {
    let console = TestConsole::new().await;
    for endpoint in ENDPOINTS {
        let answer = call(&mut console.client(), endpoint).await;
        if endpoint.access == Access::Public {
            assert!(!refused(&answer), "{endpoint:?}: {answer:?}");
        } else {
            assert_eq!(
                answer.status,
                StatusCode::UNAUTHORIZED,
                "{endpoint:?}: {}",
                answer.body
            );
        }
        let page = call(&mut console.client().browser(), endpoint).await;
        if endpoint.access != Access::Public && endpoint.kind == Kind::Page {
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{endpoint:?}");
            assert!(
                page.header("location").starts_with("/sign-in"),
                "{endpoint:?}"
            );
        }
    }
}

#[tokio::test]
async fn every_role_gets_what_its_privileges_allow_and_nothing_more() {
    // Every role signs in several times from one address.
    let console = TestConsole::with(&Overrides::default(), |config| {
        config.limits.sign_in_burst = 1_000;
        config.limits.request_burst = 100_000;
    })
    .await;
    for role in Role::ALL {
        let client = console.signed_in(role).await;
        for endpoint in ENDPOINTS {
            let mut client = if endpoint.kind == Kind::Page {
                client.clone().browser()
            } else {
                client.clone()
            };
            if endpoint.path.ends_with("sign_out") {
                // It would end the session that the other entries need.
                client = console.signed_in(role).await;
            }
            let answer = call(&mut client, endpoint).await;
            let may = match endpoint.access {
                Access::Needs(privilege) => role.allows(privilege) != Reach::None,
                Access::Public | Access::OwnPassword | Access::SignedIn => true,
            };
            let what = format!(
                "{} {} {}: {}",
                role.as_str(),
                endpoint.method,
                endpoint.path,
                answer.body
            );
            if may {
                assert!(!refused(&answer), "{what}");
                assert!(!answer.status.is_server_error(), "{what}");
            } else {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn every_refusal_is_in_the_audit_log() {
    let forbidden = |endpoint: &&Endpoint| match endpoint.access {
        Access::Needs(privilege) => {
            endpoint.kind != Kind::Page && Role::Viewer.allows(privilege) == Reach::None
        }
        _ => false,
    };
    let forbidden: Vec<&Endpoint> = ENDPOINTS.iter().filter(forbidden).collect();
    // More refusals of one person within ten minutes are only counted.
    for some in forbidden.chunks(100) {
        let console = TestConsole::new().await;
        let mut viewer = console.signed_in(Role::Viewer).await;
        for endpoint in some {
            let before = console.audit().len();
            call(&mut viewer, endpoint).await;
            let audit = console.audit();
            let entry = &audit
                .get(before)
                .unwrap_or_else(|| panic!("{endpoint:?} is not audited"))
                .entry;
            assert_eq!(entry.actor, "viewer", "{endpoint:?}");
            assert_eq!(
                entry.outcome,
                tidemark_services::audit::AuditOutcome::Denied,
                "{endpoint:?}"
            );
        }
    }
}

fn refused(answer: &Answer) -> bool {
    let to_sign_in =
        answer.status.is_redirection() && answer.header("location").starts_with("/sign-in?");
    // A function may itself say that a name and password are wrong.
    let wrong_password = answer.body.contains("password is not right");
    to_sign_in
        || answer.status == StatusCode::FORBIDDEN
        || (answer.status == StatusCode::UNAUTHORIZED && !wrong_password)
}

/// Calls an endpoint with input that is well-formed, so that what answers is the authorisation and
/// then the use case.
async fn call(client: &mut Client, endpoint: &Endpoint) -> Answer {
    let path = sample_path(endpoint);
    match (endpoint.kind, &endpoint.method) {
        (Kind::Stream, _) => {
            let response = client.open(&path).await;
            Answer {
                status: response.status(),
                headers: response.headers().clone(),
                body: String::new(),
            }
        }
        (_, &Method::GET) => client.get(&path).await,
        (Kind::ServerFunction, _) => match sample(endpoint.path) {
            Sample::Form(fields) => client.form(&path, fields).await,
            Sample::Json(value) => client.json(&path, &value).await,
        },
        _ => match sample(endpoint.path) {
            Sample::Json(value) => client.json(&path, &value).await,
            Sample::Form(_) => panic!("the API takes JSON"),
        },
    }
}

pub(crate) fn sample_path(endpoint: &Endpoint) -> String {
    let path = endpoint
        .path
        .replace("{account}", "111122223333")
        .replace("{id}", NO_RUN)
        .replace("{name}", NO_USER);
    match endpoint.path {
        "/vaults/view" | "/api/v1/vault" => {
            format!("{path}?arn={}", VAULT.replace(':', "%3A"))
        }
        "/points/view" | "/api/v1/point" => format!("{path}?arn={}", POINT.replace(':', "%3A")),
        "/buckets/one"
        | "/buckets/browse"
        | "/buckets/blocks"
        | "/buckets/copy"
        | "/api/v1/bucket"
        | "/api/v1/bucket/objects"
        | "/api/v1/bucket/blocks" => format!("{path}?{BUCKET}"),
        "/buckets/fix" => format!("{path}?{BUCKET}&fix=versioning"),
        "/vaults/change" => format!("{path}?{}", vaults::NEW_VAULT),
        "/holds/change" => format!("{path}?{}", vaults::NEW_HOLD),
        "/points/change" => format!("{path}?do=delete&vault=Default"),
        "/points/copy" => format!("{path}?{COPY_QUERY}"),
        "/api/v1/jobs/causes" => format!("{path}?since=2026-11-21T00%3A00%3A00Z"),
        "/buckets/access" | "/api/v1/bucket/policy" => format!("{path}?{BUCKET_QUERY}"),
        "/api/v1/stack-roles" => format!("{path}?account=111122223333&region=eu-west-1"),
        "/users/view" => format!("{path}?name=viewer"),
        "/resources/view" | "/backup" | "/restore" | "/api/v1/resource" => {
            format!(
                "{path}?arn={}",
                ORDERS.replace(':', "%3A").replace('/', "%2F")
            )
        }
        "/sets/one" | "/sets/restore" | "/api/v1/set" | "/api/v1/set/recovery" => {
            format!("{path}?name=none")
        }
        "/plans/view"
        | "/plans/export"
        | "/plans/future"
        | "/api/v1/plan"
        | "/api/v1/plan/versions"
        | "/api/v1/plan/export"
        | "/api/v1/plan/future" => {
            format!("{path}?account=111122223333&region=eu-west-1&id=no-such-plan")
        }
        "/records/record.json" => {
            format!(
                "{path}?capture={NO_RUN}&key=%7B%22id%22%3A%7B%22S%22%3A%22a%22%7D%7D&version=1"
            )
        }
        "/api/v1/points" => {
            format!(
                "{path}?resource={}",
                ORDERS.replace(':', "%3A").replace('/', "%2F")
            )
        }
        _ => path,
    }
}

pub(crate) enum Sample {
    Form(&'static [(&'static str, &'static str)]),
    Json(Value),
}

fn wizard() -> String {
    let second = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    let text = second.to_string();
    format!(
        "arn={}&date={}&time={}&table=orders-restored&chosen=1",
        ORDERS.replace(':', "%3A").replace('/', "%2F"),
        &text[..10],
        text[11..19].replace(':', "%3A")
    )
}

fn request() -> Value {
    let second = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    json!({
        "resource": ORDERS,
        "source": {"from": "point_in_time", "at": second},
        "target_table": "orders-restored",
        "metadata": {},
        "service_role": null,
        "put_back": [],
        "reason": "",
    })
}

const GRANT_QUERY: &str = "account=111122223333&region=eu-west-1&bucket=volumes-111122223333&do=grant&task=block_storage&role=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2FExporter";

fn grant() -> Value {
    json!({
        "account": "111122223333",
        "region": "eu-west-1",
        "bucket": "volumes-111122223333",
        "change": "grant",
        "task": "block_storage",
        "roles": [EXPORTER],
    })
}

/// Copies of recovery points, as a page's address has them.
const COPY_QUERY: &str =
    "vault=Default&to=arn%3Aaws%3Abackup%3Aeu-west-1%3A111122223333%3Abackup-vault%3ADefault";

fn copy_sample(path: &str) -> Sample {
    let copies = json!({
        "selection": {"matching": {"vault": "Default"}},
        "destination": "arn:aws:backup:eu-west-1:111122223333:backup-vault:Default",
    });
    match path {
        "/api/points/plan_copy" => Sample::Json(json!({"query": COPY_QUERY})),
        "/api/points/copy" => Sample::Form(&[("query", COPY_QUERY), ("digest", "not the digest")]),
        "/api/v1/points/copies/plan" => Sample::Json(copies),
        _ => {
            Sample::Json(json!({"request": copies, "digest": "not the digest", "reason": "a test"}))
        }
    }
}

fn change() -> Value {
    json!({"action": {"do": "delete"}, "selection": {"matching": {"vault": "Default"}}})
}

/// Well-formed input for each entry that takes any; a new entry needs one here.
pub(crate) fn sample(path: &str) -> Sample {
    use Sample::{Form, Json};
    match path {
        "/api/session/sign_in" => Form(&[("name", "nobody"), ("password", "nope")]),
        "/browser/panics" => Json(json!({"page": "timeline", "message": "panicked at a test"})),
        "/api/session/set_theme" => Form(&[("theme", "dark")]),
        "/api/session/sign_out" | "/api/audit/verify" | "/api/plans/edit" => Form(&[]),
        "/api/session/change_password" => Form(&[
            ("current_password", "wrong"),
            ("new_password", "another long password"),
            ("repeated_password", "another long password"),
        ]),
        "/api/overview/get"
        | "/api/coverage/controls"
        | "/api/coverage/changes"
        | "/api/cost/report" => Json(json!({})),
        accounts
            if accounts.starts_with("/api/accounts/")
                || accounts.starts_with("/api/v1/accounts") =>
        {
            account_sample(accounts)
        }
        "/api/resources/list"
        | "/api/runs/list"
        | "/api/audit/list"
        | "/api/points/search"
        | "/api/vaults/list"
        | "/api/jobs/list"
        | "/api/jobs/causes"
        | "/api/coverage/report" => Json(json!({"query": {}})),
        "/api/points/detail" => Json(json!({"arn": POINT})),
        "/api/points/plan_change" => Json(json!({"query": "do=delete&vault=Default"})),
        "/api/points/change" => Form(&[
            ("query", "do=delete&vault=Default"),
            ("digest", "not the digest"),
        ]),
        buckets
            if buckets.starts_with("/api/buckets/") || buckets.starts_with("/api/v1/buckets/") =>
        {
            bucket_sample(buckets)
        }
        "/api/vaults/get" => Json(json!({"arn": VAULT})),
        own if vaults::has_sample(own) => vaults::sample(own),
        "/api/runs/items" => Json(json!({"id": NO_RUN, "state": "", "cursor": ""})),
        "/api/v1/points/plan" => Json(change()),
        "/api/points/plan_copy"
        | "/api/points/copy"
        | "/api/v1/points/copies/plan"
        | "/api/v1/points/copies" => copy_sample(path),
        "/api/policies/show" => Json(json!({"query": BUCKET_QUERY})),
        "/api/policies/roles" => {
            Json(json!({"query": "from_account=111122223333&from_region=eu-west-1"}))
        }
        "/api/policies/plan" | "/api/policies/check" => Json(json!({"query": GRANT_QUERY})),
        "/api/policies/change" => Form(&[("query", GRANT_QUERY), ("digest", "not the digest")]),
        "/api/v1/bucket/policy/plan" | "/api/v1/bucket/policy/check" => Json(grant()),
        "/api/v1/bucket/policy/changes" => {
            Json(json!({"request": grant(), "digest": "not the digest", "reason": "a test"}))
        }
        "/api/v1/points/changes" => {
            Json(json!({"request": change(), "digest": "not the digest", "reason": "a test"}))
        }
        "/api/resources/get" | "/api/points/get" | "/api/backup/prefill" => {
            Json(json!({"arn": ORDERS}))
        }
        "/api/resources/refresh" => Form(&[("arn", CARTS)]),
        "/api/coverage/put" => Form(&[
            ("name", "In a plan"),
            ("kind", "in_plan"),
            ("enabled", "on"),
        ]),
        "/api/coverage/remove" => Form(&[("id", "in-plan")]),
        "/api/points/list" => Json(json!({"resource": ORDERS, "cursor": ""})),
        "/api/points/jobs" => Json(json!({"resource": ORDERS})),
        "/api/timeline/get" => Json(json!({"ask": {"arn": ORDERS}})),
        "/api/backup/start" => Form(&[("arn", ORDERS), ("vault", "NoSuchVault")]),
        "/api/restore/prefill" | "/api/restore/plan" => Json(json!({"wizard": wizard()})),
        "/api/restore/start" => Form(&[("wizard", WIZARD), ("digest", "not the digest")]),
        "/api/runs/get" => Json(json!({"id": NO_RUN})),
        "/api/runs/cancel" | "/api/runs/retry" => Form(&[("id", NO_RUN)]),
        plans if plans.starts_with("/api/plans/") || plans.starts_with("/api/v1/plan") => {
            plan_sample(plans)
        }
        "/api/v1/rollouts/plan" => Json(rollout()),
        "/api/v1/rollouts" => Json(json!({"request": rollout(), "digest": "not the digest"})),
        "/api/v1/restores/plan" => Json(request()),
        "/api/v1/restores" => Json(json!({"request": request(), "digest": "not the digest"})),
        "/api/v1/backups" => {
            Json(json!({"resource": ORDERS, "vault": "NoSuchVault", "reason": ""}))
        }
        sets if sets.starts_with("/api/sets/") || sets.starts_with("/api/v1/set") => {
            set_sample(sets)
        }
        users if users.starts_with("/api/users/") || users.starts_with("/api/v1/users") => {
            user_sample(users)
        }
        records if records.starts_with("/api/records/") => records_function_sample(records),
        records if records.starts_with("/api/v1/records/") => records_sample(records),
        "/api/v1/runs/{id}/cancel" => Json(json!({"reason": ""})),
        other => panic!("{other} has no sample input: add one, so that the tests can call it"),
    }
}

fn user_sample(path: &str) -> Sample {
    use Sample::{Form, Json};
    match path {
        "/api/users/get" => Json(json!({"name": NO_USER})),
        "/api/users/add" => Form(&[("name", "newcomer"), ("role", "viewer")]),
        "/api/users/change_role" => Form(&[("name", NO_USER), ("role", "operator")]),
        "/api/users/disable"
        | "/api/users/enable"
        | "/api/users/reset_password"
        | "/api/users/unlock" => Form(&[("name", NO_USER)]),
        "/api/v1/users" => Json(json!({"name": "newcomer", "role": "viewer"})),
        "/api/v1/users/{name}/role" => Json(json!({"role": "operator"})),
        "/api/users/list"
        | "/api/v1/users/{name}/disable"
        | "/api/v1/users/{name}/enable"
        | "/api/v1/users/{name}/password"
        | "/api/v1/users/{name}/unlock" => Json(json!({})),
        other => panic!("{other} has no sample input: add one, so that the tests can call it"),
    }
}

fn records_function_sample(path: &str) -> Sample {
    use Sample::{Form, Json};
    match path {
        "/api/records/list" => Json(json!({})),
        "/api/records/get" | "/api/records/proof" => Json(json!({"capture": NO_RUN})),
        "/api/records/of_table" => Json(json!({"arn": ORDERS})),
        "/api/records/history" | "/api/records/search" => Json(json!({"query": RECORD})),
        "/api/records/compare" => Json(json!({"query": COMPARISON})),
        "/api/records/get_undo" => Json(json!({"query": UNDO})),
        "/api/records/setup_prefill" => Json(json!({"table": ORDERS})),
        "/api/records/setup_preview" => Json(json!({"query": SETUP})),
        "/api/records/setup_start" => Form(&[("query", SETUP), ("digest", "not the digest")]),
        "/api/records/plan_undo" => Form(&[
            ("query", COMPARISON),
            ("choice", "all"),
            ("compared_at", ""),
        ]),
        "/api/records/start_undo" => Form(&[
            ("capture", NO_RUN),
            ("plan", "none"),
            ("digest", "not the digest"),
            ("confirmation", "orders"),
            ("reason", "a test"),
        ]),
        "/api/records/mode" => Form(&[("capture", NO_RUN), ("mode", "off")]),
        "/api/records/prove" | "/api/records/forget" => Form(&[("capture", NO_RUN)]),
        other => panic!("{other} has no sample input: add one, so that the tests can call it"),
    }
}

/// A bucket of a name that breaks a rule: the use case says so, after it has authorised.
const SETUP: &str =
    "table=arn%3Aaws%3Adynamodb%3Aeu-west-1%3A111122223333%3Atable%2Forders&bucket=Not+a+name";
const RECORD: &str = "capture=01936b2e-7c1f-7e07-8a0d-6f2f3c0a5b11&partition=a";
const UNDO: &str = "capture=01936b2e-7c1f-7e07-8a0d-6f2f3c0a5b11&plan=none";
const COMPARISON: &str =
    "capture=01936b2e-7c1f-7e07-8a0d-6f2f3c0a5b11&from=2026-01-01T00%3A00%3A00Z";

fn records_sample(path: &str) -> Sample {
    let request = json!({"table": ORDERS, "bucket": "Not a name", "create_bucket": true});
    match path {
        "/api/v1/records/setup/preview" => Sample::Json(request),
        "/api/v1/records/setup" => {
            Sample::Json(json!({"request": request, "digest": "not the digest"}))
        }
        "/api/v1/records/{id}/mode" => Sample::Json(json!({"mode": "off"})),
        "/api/v1/records/{id}/proof" | "/api/v1/records/{id}/forget" => Sample::Json(json!({})),
        other => panic!("{other} has no sample input: add one, so that the tests can call it"),
    }
}

fn plan_sample(path: &str) -> Sample {
    use Sample::{Form, Json};
    let no_plan = json!({"account": "111122223333", "region": "eu-west-1", "id": "no-such-plan"});
    let mut deletion = no_plan.clone();
    deletion["digest"] = json!("not the digest");
    let mut run = deletion.clone();
    run["rule"] = json!("daily");
    match path {
        "/api/plans/list" => Json(json!({"query": {}})),
        "/api/plans/get" | "/api/plans/versions" | "/api/plans/deletion" | "/api/plans/future" => {
            Json(json!({"plan": no_plan}))
        }
        "/api/plans/rule_run" => Json(json!({"plan": no_plan, "rule": "daily"})),
        "/api/plans/context" => {
            Json(json!({"account": "111122223333", "region": "eu-west-1", "id": ""}))
        }
        "/api/plans/check" | "/api/plans/change" | "/api/plans/dry_run" => {
            Json(json!({"draft": draft()}))
        }
        "/api/plans/dry_run_list" => Json(json!({"draft": draft(), "list": "taken", "cursor": ""})),
        "/api/plans/import" => Form(&[("scope", "111122223333/eu-west-1"), ("text", PLAN)]),
        "/api/plans/export" => Json(json!({"plan": no_plan, "format": "json"})),
        "/api/plans/apply" => Form(&[("draft", DRAFT), ("digest", "not the digest")]),
        "/api/plans/delete" => Form(NO_PLAN),
        "/api/plans/run_now" => Form(NO_RULE),
        "/api/plans/rollout" => Json(json!({"request": rollout()})),
        "/api/plans/start_rollout" => Form(&[("request", ROLLOUT), ("digest", "not the digest")]),
        "/api/v1/plans/change" => Json(draft()),
        "/api/v1/plans" => Json(json!({"draft": draft(), "digest": "not the digest"})),
        "/api/v1/plans/deletion" => Json(no_plan),
        "/api/v1/plans/delete" => Json(deletion),
        "/api/v1/plans/run" => Json(run),
        other => panic!("{other} has no sample input: add one, so that the tests can call it"),
    }
}

fn draft() -> Value {
    serde_json::from_str(DRAFT).unwrap()
}

fn rollout() -> Value {
    serde_json::from_str(ROLLOUT).unwrap()
}

const NO_PLAN: &[(&str, &str)] = &[
    ("account", "111122223333"),
    ("region", "eu-west-1"),
    ("id", "no-such-plan"),
    ("digest", "not the digest"),
];

const NO_RULE: &[(&str, &str)] = &[
    ("account", "111122223333"),
    ("region", "eu-west-1"),
    ("id", "no-such-plan"),
    ("rule", "daily"),
    ("digest", "not the digest"),
];

const PLAN: &str = r#"{"BackupPlanName": "silver",
    "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "Default"}]}"#;

const DRAFT: &str = r#"{"account": "111122223333", "region": "eu-west-1", "plan": {
    "BackupPlanName": "silver",
    "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "Default"}]
}, "selections": []}"#;

const ROLLOUT: &str = r#"{"plan": {
    "BackupPlanName": "silver",
    "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "Default"}]
}, "selections": [], "targets": [{"account": "111122223333", "region": "eu-west-1"}]}"#;

/// A second that lies outside any window: the use case says so, after it has authorised.
const WIZARD: &str = "arn=arn%3Aaws%3Adynamodb%3Aeu-west-1%3A111122223333%3Atable%2Forders&date=2020-01-01&time=00%3A00%3A00&table=orders-restored&chosen=1";
