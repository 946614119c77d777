//! Connections that send nothing, or half a request.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{Estate, PROBE, probe, signed_in};
use crate::process::server::Process;

#[tokio::test]
async fn half_open_connections_take_nobodys_place_under_a_low_limit_of_files() {
    let estate = Estate::new(None).await;
    let mut shell = Command::new("bash");
    shell.args([
        "-c",
        "ulimit -n 160; exec \"$0\" serve --listen 127.0.0.1:0",
        env!("CARGO_BIN_EXE_tidemark"),
    ]);
    let mut shell = estate.settle(shell, estate.data.path());
    shell.env("TIDEMARK_LIMITS__HEADER_TIMEOUT_SECONDS", "3");
    let (process, url) = Process::answering(&mut shell);
    let address = url.strip_prefix("http://").unwrap().to_owned();
    let mut half = Vec::new();
    for number in 0..200 {
        // From several addresses, as one has a limit of its own.
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        let from = format!("127.0.0.{}:0", number % 4 + 1);
        socket.bind(from.parse().unwrap()).unwrap();
        let mut stream = socket.connect(address.parse().unwrap()).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-half")
            .await
            .unwrap();
        half.push(stream);
    }
    // While they are there, and others come.
    for _ in 0..10 {
        let (is_well, said) = probe(&url, "/healthz").await;
        assert!(is_well, "{said}");
    }
    let mut client = signed_in(&url).await;
    assert!(client.get("/api/v1/overview").await.is_some());
    // The rest of their request does not come: they go.
    let start = Instant::now();
    for stream in &mut half {
        let mut answer = Vec::new();
        let limit = Duration::from_secs(10)
            .saturating_sub(start.elapsed())
            .max(PROBE);
        let ended = tokio::time::timeout(limit, stream.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "it is open after {:?}", start.elapsed());
    }
    assert!(process.terminate());
}

#[tokio::test]
async fn a_connection_is_kept_between_requests_and_a_slow_head_is_not() {
    let estate = Estate::new(None).await;
    let mut command = estate.command();
    command.env("TIDEMARK_LIMITS__HEADER_TIMEOUT_SECONDS", "1");
    let (_process, url) =
        Process::answering(command.args(["serve", "--no-worker", "--listen", "127.0.0.1:0"]));
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\n\r\n");
    let mut buffer = [0; 2048];
    for _ in 0..2 {
        stream.write_all(request.as_bytes()).await.unwrap();
        let read = stream.read(&mut buffer).await.unwrap();
        let answer = String::from_utf8_lossy(&buffer[..read]);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        // Longer than a head may take.
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\n")
        .await
        .unwrap();
    let start = Instant::now();
    assert_eq!(stream.read(&mut buffer).await.unwrap_or(0), 0);
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}
