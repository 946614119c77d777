use axum::http::StatusCode;
use jiff::SignedDuration;
use tidemark_domain::Role;
use tidemark_server::config::Overrides;

use crate::support::{ORDERS, TestConsole};

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Admin).await.browser();
    for path in [
        "/",
        "/sign-in",
        "/nowhere",
        "/healthz",
        "/api/v1/overview",
        "/api/openapi.json",
    ] {
        let answer = client.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        assert!(
            answer
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(answer.header("x-request-id").len(), 32, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn inline_scripts_of_a_page_carry_the_nonce_of_its_policy() {
    let console = TestConsole::new().await;
    let mut client = console.client().browser();
    let first = client.get("/sign-in").await.expect(StatusCode::OK);
    let nonce = |policy: &str| {
        let (_, rest) = policy.split_once("'nonce-").expect("a nonce");
        rest.split('\'').next().unwrap().to_owned()
    };
    let of_first = nonce(first.header("content-security-policy"));
    let scripts = first.body.matches("<script").count();
    let with_nonce = first.body.matches(&format!("nonce=\"{of_first}\"")).count();
    assert!(
        scripts > 0 && with_nonce >= scripts,
        "{scripts} scripts, {with_nonce} nonces"
    );
    let second = client.get("/sign-in").await;
    assert_ne!(of_first, nonce(second.header("content-security-policy")));
    assert!(
        !first.body.contains(" style=\""),
        "style attributes are against the policy"
    );
}

#[tokio::test]
async fn browsers_are_told_to_stay_on_tls_where_there_is_tls() {
    let console = TestConsole::new().await;
    let plain = console.client().get("/healthz").await;
    assert_eq!(plain.header("strict-transport-security"), "");
    let overrides = Overrides {
        public_url: Some("https://backups.example.com".to_owned()),
        ..Overrides::default()
    };
    let console = TestConsole::with(&overrides, |_| {}).await;
    let tls = console.client().get("/healthz").await;
    assert!(
        tls.header("strict-transport-security")
            .contains("max-age=31536000")
    );
}

#[tokio::test]
async fn metrics_are_for_this_machine() {
    let console = TestConsole::new().await;
    let mut near = console.client();
    assert_ne!(near.get("/metrics").await.status, StatusCode::FORBIDDEN);
    let mut far = console.client().from([203, 0, 113, 7]);
    far.get("/metrics").await.expect(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn metrics_tell_of_runs_and_of_the_age_of_what_is_known() {
    let mut console = TestConsole::new().await;
    console.web.metrics = tidemark_server::http::collect_metrics();
    let mut operator = console.signed_in(Role::Operator).await;
    let backup = serde_json::json!({"resource": ORDERS, "vault": "Default", "reason": "a test"});
    operator
        .json("/api/v1/backups", &backup)
        .await
        .expect(StatusCode::ACCEPTED);
    console.advance(SignedDuration::from_mins(7));
    let answer = console
        .client()
        .get("/metrics")
        .await
        .expect(StatusCode::OK);
    for line in [
        "tidemark_runs{state=\"queued\"} 1",
        "tidemark_runs{state=\"failed\"} 0",
        "tidemark_scope_age_seconds{account=\"111122223333\",region=\"eu-west-1\"} 420",
        "tidemark_gauges_known 1",
    ] {
        assert!(
            answer.body.contains(line),
            "{line} is not in {}",
            answer.body
        );
    }
}

#[tokio::test]
async fn health_and_readiness_answer_without_a_session() {
    let console = TestConsole::new().await;
    let mut client = console.client();
    client.get("/healthz").await.expect(StatusCode::OK);
    client.get("/readyz").await.expect(StatusCode::OK);
    console.web.stopping.cancel();
    client
        .get("/readyz")
        .await
        .expect(StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn what_is_not_there_is_a_page_for_people_and_a_problem_for_programs() {
    let console = TestConsole::new().await;
    let mut program = console.signed_in(Role::Viewer).await;
    let answer = program.get("/nowhere").await.expect(StatusCode::NOT_FOUND);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let page = program
        .browser()
        .get("/nowhere")
        .await
        .expect(StatusCode::NOT_FOUND);
    assert!(page.header("content-type").starts_with("text/html"));
}
