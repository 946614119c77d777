//! Bad input: a 4xx that names the field and the rule, and nothing changed.

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tidemark_domain::Role;
use tidemark_services::audit::AuditOutcome;

use crate::support::{ORDERS, TestConsole};

fn restore(changes: &Value) -> Value {
    let mut request = json!({
        "resource": ORDERS,
        "source": {"from": "point_in_time", "at": an_hour_ago()},
        "target_table": "orders-restored",
        "metadata": {},
        "service_role": null,
        "put_back": [],
        "reason": "",
    });
    for (name, value) in changes.as_object().unwrap() {
        request[name] = value.clone();
    }
    request
}

fn an_hour_ago() -> Timestamp {
    Timestamp::now() - SignedDuration::from_hours(1)
}

async fn runs(console: &TestConsole) -> usize {
    let page = console
        .services
        .runs
        .store()
        .list(&tidemark_runs::RunQuery::first(100))
        .await
        .unwrap();
    page.runs.len()
}

#[tokio::test]
async fn malformed_requests_name_the_field_and_the_rule() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Operator).await;
    let cases = [
        (
            json!({"resource": "arn:mars:s3:::b"}),
            "resource",
            "partition",
        ),
        (json!({"resource": "orders"}), "resource", "form arn:"),
        (json!({"target_table": "a b"}), "table name", "3 to 255"),
        (json!({"target_table": null}), "table name", ""),
        (
            json!({"source": {"from": "point_in_time", "at": "2020-01-01T00:00:00Z"}}),
            "time",
            "",
        ),
        (
            json!({"source": {"from": "point_in_time", "at": "yesterday"}}),
            "source",
            "",
        ),
        (json!({"put_back": ["colour"]}), "put_back", "colour"),
    ];
    for (changes, field, rule) in cases {
        let answer = client
            .json("/api/v1/restores/plan", &restore(&changes))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{changes}: {}",
            answer.body
        );
        let problem = answer.json();
        let (named, said) = (
            problem["field"].as_str().unwrap_or_default(),
            problem["rule"].as_str().unwrap_or_default(),
        );
        assert!(named.contains(field), "{changes}: field {named}");
        assert!(
            !said.is_empty() && said.contains(rule),
            "{changes}: rule {said}"
        );
    }
    assert_eq!(runs(&console).await, 0);
}

#[tokio::test]
async fn a_taken_name_is_a_check_that_forbids_the_start() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Operator).await;
    let request = restore(&json!({"target_table": "carts"}));
    let plan = client
        .json("/api/v1/restores/plan", &request)
        .await
        .expect(StatusCode::OK)
        .json();
    let start = json!({"request": request, "digest": plan["digest"]});
    let answer = client
        .json("/api/v1/restores", &start)
        .await
        .expect(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.json()["detail"].as_str().unwrap().contains("carts"),
        "{}",
        answer.body
    );
    assert_eq!(runs(&console).await, 0);
}

#[tokio::test]
async fn a_plan_that_is_not_the_one_shown_is_not_started() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Operator).await;
    let start = json!({"request": restore(&json!({})), "digest": "0000"});
    client
        .json("/api/v1/restores", &start)
        .await
        .expect(StatusCode::CONFLICT);
    assert_eq!(runs(&console).await, 0);
}

#[tokio::test]
async fn an_unknown_run_is_not_found() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Operator).await;
    for id in ["01936b2e-7c1f-7e07-8a0d-6f2f3c0a5b11", "not-a-run"] {
        for path in [format!("/api/v1/runs/{id}"), format!("/runs/{id}/events")] {
            let answer = client.get(&path).await.expect(StatusCode::NOT_FOUND);
            assert!(
                answer.json()["detail"].as_str().unwrap().contains(id),
                "{}",
                answer.body
            );
        }
        let page = client.clone().browser().get(&format!("/runs/{id}")).await;
        assert!(
            page.status.is_client_error(),
            "{path}: {}",
            page.status,
            path = id
        );
    }
}

#[tokio::test]
async fn malformed_accounts_and_filters_name_the_field_and_the_rule() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Admin).await;
    for (path, field, rule) in [
        ("/api/v1/accounts/12", "account id", "exactly 12 digits"),
        (
            "/api/v1/resources?account=12",
            "account",
            "exactly 12 digits",
        ),
        ("/api/v1/resources?region=nowhere", "region", "Region code"),
        ("/api/v1/resources?limit=0", "limit", "between 1 and 200"),
        ("/api/v1/resources?limit=many", "limit", ""),
        ("/api/v1/resource?arn=nonsense", "arn", "form arn:"),
        ("/api/v1/resource", "arn", "must be given"),
        ("/api/v1/points?from=yesterday", "from", ""),
        ("/api/v1/runs?state=happy", "state", ""),
        ("/api/v1/runs?cursor=here", "cursor", "earlier page"),
    ] {
        let answer = client.get(path).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{path}: {}",
            answer.body
        );
        let problem = answer.json();
        assert_eq!(problem["field"], field, "{path}: {}", answer.body);
        assert!(
            problem["rule"].as_str().unwrap().contains(rule),
            "{path}: {}",
            answer.body
        );
    }
}

#[tokio::test]
async fn a_malformed_account_form_names_the_field_and_registers_nothing() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Admin).await;
    let good = [
        ("account", "444455556666"),
        ("alias", "new"),
        ("role", ""),
        ("regions", "eu-west-1"),
    ];
    for (name, value, field) in [
        ("account", "4444", "account id"),
        ("alias", "", "alias"),
        ("role", "arn:aws:iam::444455556666:user/u", "role ARN"),
        ("role", "arn:aws:iam::777788889999:role/Other", "role ARN"),
        ("regions", "moon-1", "Region"),
    ] {
        let fields = good.map(|(n, v)| if n == name { (n, value) } else { (n, v) });
        let answer = client.form("/api/accounts/add", &fields).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{name}: {}",
            answer.body
        );
        assert_eq!(
            answer.json()["kind"]["field"],
            field,
            "{name}: {}",
            answer.body
        );
    }
    assert_eq!(console.services.accounts.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_viewer_who_posts_the_restore_form_is_refused_and_audited() {
    let console = TestConsole::new().await;
    let second = an_hour_ago().to_string();
    let wizard = format!(
        "arn={}&date={}&time={}&table=orders-restored&chosen=1",
        ORDERS.replace(':', "%3A").replace('/', "%2F"),
        &second[..10],
        second[11..19].replace(':', "%3A")
    );
    let mut viewer = console.signed_in(Role::Viewer).await;
    let before = console.audit().len();
    for mut client in [viewer.clone(), viewer.clone().browser()] {
        client
            .form(
                "/api/restore/start",
                &[
                    ("wizard", wizard.as_str()),
                    ("digest", "x"),
                    ("page", "/restore"),
                ],
            )
            .await
            .expect(StatusCode::FORBIDDEN);
    }
    viewer
        .json(
            "/api/v1/restores",
            &json!({"request": restore(&json!({})), "digest": "x"}),
        )
        .await
        .expect(StatusCode::FORBIDDEN);
    let audit = console.audit();
    assert!(audit.len() >= before + 3);
    for record in &audit[before..] {
        assert_eq!(record.entry.actor, "viewer");
        assert_eq!(record.entry.outcome, AuditOutcome::Denied);
        assert!(
            record.entry.action.starts_with("restore."),
            "{}",
            record.entry.action
        );
        assert!(
            record.entry.origin.ends_with("127.0.0.1"),
            "{}",
            record.entry.origin
        );
    }
    assert_eq!(runs(&console).await, 0);
}
