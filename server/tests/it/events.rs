use std::time::Duration;

use axum::{
    body::{Body, BodyDataStream},
    http::StatusCode,
};
use futures::StreamExt as _;
use serde_json::{Value, json};
use tidemark_domain::Role;
use tokio_util::sync::CancellationToken;

use crate::support::{Client, ORDERS, TestConsole};

const LIMIT: Duration = Duration::from_secs(20);

async fn begin(client: &mut Client) -> String {
    let body = json!({"resource": ORDERS, "vault": "Default", "reason": ""});
    let answer = client
        .json("/api/v1/backups", &body)
        .await
        .expect(StatusCode::ACCEPTED);
    answer.json()["run"].as_str().unwrap().to_owned()
}

/// Reads one server-sent event: its fields by name. None at the end of the stream.
async fn event(stream: &mut BodyDataStream, buffer: &mut String) -> Option<Vec<(String, String)>> {
    loop {
        if let Some((whole, rest)) = buffer.split_once("\n\n") {
            let fields = whole
                .lines()
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            let rest = rest.to_owned();
            *buffer = rest;
            return Some(fields);
        }
        let chunk = tokio::time::timeout(LIMIT, stream.next())
            .await
            .expect("no event in time")?;
        buffer.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
    }
}

fn field<'a>(event: &'a [(String, String)], name: &str) -> &'a str {
    event
        .iter()
        .find(|(n, _)| n == name)
        .map_or("", |(_, value)| value)
}

async fn open(client: &mut Client, path: &str) -> BodyDataStream {
    let response = client.open(path).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let body: Body = response.into_body();
    body.into_data_stream()
}

#[tokio::test]
async fn a_run_is_followed_live_to_its_end() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Operator).await;
    let run = begin(&mut client).await;
    let mut stream = open(&mut client, &format!("/runs/{run}/events")).await;
    let mut buffer = String::new();
    let first = event(&mut stream, &mut buffer).await.unwrap();
    assert_eq!(field(&first, "id"), "1");
    let created: Value = serde_json::from_str(field(&first, "data")).unwrap();
    assert_eq!(
        (&created["seq"], &created["type"]),
        (&json!(1), &json!("created"))
    );

    let stop = CancellationToken::new();
    tokio::spawn(console.services.runs.worker().run(stop.clone()));
    let ticking = tokio::spawn({
        let clock = console.clock.clone();
        async move {
            loop {
                clock.advance(jiff::SignedDuration::from_millis(500));
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    });
    let mut seq = 1;
    loop {
        let next = event(&mut stream, &mut buffer)
            .await
            .expect("the stream ended before the run");
        if field(&next, "event") == "end" {
            break;
        }
        seq += 1;
        assert_eq!(
            field(&next, "id"),
            seq.to_string(),
            "no event is missed or repeated"
        );
    }
    assert!(
        event(&mut stream, &mut buffer).await.is_none(),
        "nothing follows the end"
    );
    ticking.abort();
    stop.cancel();

    // A browser that asks again is told to stop; one that missed something gets it.
    let again = client
        .open(&format!("/runs/{run}/events?after={seq}"))
        .await;
    assert_eq!(again.status(), StatusCode::NO_CONTENT);
    let mut late = client.clone().with("last-event-id", &(seq - 1).to_string());
    let mut stream = open(&mut late, &format!("/runs/{run}/events")).await;
    let mut buffer = String::new();
    let last = event(&mut stream, &mut buffer).await.unwrap();
    assert_eq!(field(&last, "id"), seq.to_string());
}

#[tokio::test]
async fn a_user_follows_only_so_many_runs_at_once() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Operator).await;
    let run = begin(&mut client).await;
    let path = format!("/runs/{run}/events");
    let mut open_streams = Vec::new();
    for _ in 0..8 {
        open_streams.push(open(&mut client, &path).await);
    }
    let refused = client.open(&path).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    open_streams.pop();
    let again = client.open(&path).await;
    assert_eq!(again.status(), StatusCode::OK, "a closed stream makes room");
}

#[tokio::test]
async fn streams_end_when_the_server_stops() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Operator).await;
    let run = begin(&mut client).await;
    let mut stream = open(&mut client, &format!("/runs/{run}/events")).await;
    let mut buffer = String::new();
    event(&mut stream, &mut buffer).await.unwrap();
    console.web.stopping.cancel();
    assert!(event(&mut stream, &mut buffer).await.is_none());
}

#[tokio::test]
async fn a_stream_ends_when_its_session_is_signed_out() {
    let console = TestConsole::new().await;
    let mut client = console.signed_in(Role::Operator).await;
    let run = begin(&mut client).await;
    let mut stream = open(&mut client, &format!("/runs/{run}/events")).await;
    let mut buffer = String::new();
    assert!(event(&mut stream, &mut buffer).await.is_some());
    let mut other = console.signed_in(Role::Operator).await;
    let mut of_other = open(&mut other, &format!("/runs/{run}/events")).await;
    let mut buffer_of_other = String::new();
    assert!(event(&mut of_other, &mut buffer_of_other).await.is_some());
    client.form("/api/session/sign_out", &[]).await;
    let end = tokio::time::timeout(LIMIT, async {
        while event(&mut stream, &mut buffer).await.is_some() {}
    });
    end.await.expect("the stream goes on after the sign-out");
    // Another session of the same person is not touched.
    let more = event(&mut of_other, &mut buffer_of_other);
    assert!(
        tokio::time::timeout(Duration::from_millis(200), more)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn the_theme_is_kept_in_a_secure_cookie_where_pages_come_by_https() {
    let overrides = tidemark_server::config::Overrides {
        public_url: Some("https://backups.example.com".to_owned()),
        ..Default::default()
    };
    for (overrides, secure) in [
        (overrides, true),
        (tidemark_server::config::Overrides::default(), false),
    ] {
        let console = TestConsole::with(&overrides, |_| {}).await;
        let answer = console
            .client()
            .form("/api/session/set_theme", &[("theme", "dark")])
            .await;
        let cookie = answer.header("set-cookie");
        assert!(cookie.contains("dark"), "{answer:?}");
        assert_eq!(cookie.contains("; Secure"), secure, "{cookie}");
    }
}
