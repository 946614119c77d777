//! Many sign-ins at once: what they cost, and that it is given back.

use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full};
use hyper::{Request, StatusCode, body::Bytes, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpSocket;

use super::{Estate, signed_in};
use crate::{process::server::Process, support::client::encode};

/// Resident memory in KiB.
fn resident(process: &Process) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

async fn wrong(address: String, number: u8) -> StatusCode {
    let socket = TcpSocket::new_v4().unwrap();
    socket
        .bind(format!("127.0.1.{number}:0").parse().unwrap())
        .unwrap();
    let stream = socket.connect(address.parse().unwrap()).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let name = format!("somebody{number}");
    let body = encode(&[("name", &name), ("password", "not the right one")]);
    let request = Request::post("/api/session/sign_in")
        .header(header::HOST, &address)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Full::new(Bytes::from(body)))
        .unwrap();
    let response = sender.send_request(request).await.unwrap();
    let status = response.status();
    response.into_body().collect().await.unwrap();
    status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_wrong_sign_ins_at_once_cost_little_memory_and_keep_none() {
    let estate = Estate::new(None).await;
    let (process, url) = Process::answering(estate.command().args([
        "serve",
        "--no-worker",
        "--listen",
        "127.0.0.1:0",
    ]));
    let address = url.strip_prefix("http://").unwrap().to_owned();
    // What every process takes once it has served something.
    signed_in(&url).await;
    for number in 201..221 {
        wrong(address.clone(), number).await;
    }
    let before = resident(&process);
    let all = (1..=100).map(|number| tokio::spawn(wrong(address.clone(), number)));
    let all = tokio::spawn(futures::future::join_all(all.collect::<Vec<_>>()));
    let mut most = before;
    while !all.is_finished() {
        most = most.max(resident(&process));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let answers: Vec<StatusCode> = all.await.unwrap().into_iter().map(Result::unwrap).collect();
    let checked = answers
        .iter()
        .filter(|status| **status == StatusCode::UNAUTHORIZED)
        .count();
    let refused = answers
        .iter()
        .filter(|status| **status == StatusCode::SERVICE_UNAVAILABLE)
        .count();
    assert_eq!(checked + refused, 100, "{answers:?}");
    assert!(checked >= 60, "{checked} were looked at");
    let more = most.saturating_sub(before);
    assert!(more <= 64 * 1024, "{more} KiB more");
    let start = Instant::now();
    loop {
        let kept = resident(&process).saturating_sub(before);
        if kept <= 16 * 1024 {
            eprintln!(
                "{more} KiB more at most, {kept} KiB kept after {:?}",
                start.elapsed()
            );
            break;
        }
        assert!(start.elapsed() < Duration::from_mins(1), "{kept} KiB kept");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    // And whoever knows the password is let in.
    signed_in(&url).await;
}
