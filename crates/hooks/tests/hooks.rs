//! Requests to a small service on this machine.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::HashMap, net::SocketAddr, sync::Arc};

use jiff::SignedDuration;
use tidemark_domain::sets::{HookReach, Method};
use tidemark_hooks::HttpHooks;
use tidemark_services::ports::{HookCall, HookError, Hooks};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    sync::mpsc,
};

/// Answers each connection with the next of the answers, and tells what it was asked. An empty answer is none at all.
async fn service(answers: Vec<String>) -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (asked, heard) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 8192];
            let read = stream.read(&mut request).await.unwrap();
            request.truncate(read);
            asked.send(String::from_utf8(request).unwrap()).unwrap();
            if answer.is_empty() {
                std::future::pending::<()>().await;
            }
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (address, heard)
}

fn answer(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn call(url: &str) -> HookCall {
    HookCall {
        url: url.to_owned(),
        method: Method::Post,
        headers: vec![("x-team".to_owned(), "data".to_owned())],
        body: Some("{\"a\":1}".to_owned()),
        secret: None,
        token: "token-1".to_owned(),
        deadline: SignedDuration::from_secs(2),
    }
}

fn open_to(address: SocketAddr) -> HttpHooks {
    let secrets = HashMap::from([("MY_APP".to_owned(), "key".to_owned())]);
    HttpHooks::new(HookReach::parse(&address.to_string()), secrets)
}

#[tokio::test]
async fn a_request_says_what_it_has_to_and_is_signed() {
    let (address, mut heard) =
        service(vec![answer("202 Accepted", "{\"state\":\"pausing\"}")]).await;
    let mut call = call(&format!("http://{address}/pause?x=1"));
    call.secret = Some("my-app".to_owned());
    let answer = open_to(address).call(&call).await.unwrap();
    assert_eq!(
        (answer.status, answer.body.as_slice()),
        (202, b"{\"state\":\"pausing\"}".as_slice())
    );
    let request = heard.recv().await.unwrap().to_lowercase();
    assert!(
        request.starts_with("post /pause?x=1 http/1.1\r\n"),
        "{request}"
    );
    for header in [
        format!("host: {address}"),
        "x-team: data".to_owned(),
        "tidemark-token: token-1".to_owned(),
        "content-type: application/json".to_owned(),
        "tidemark-signature: t=".to_owned(),
    ] {
        assert!(request.contains(&header), "{header} is not in {request}");
    }
    assert!(request.ends_with("\r\n\r\n{\"a\":1}"), "{request}");
}

#[tokio::test]
async fn a_key_that_is_not_set_is_named_with_its_variable() {
    let mut call = call("http://127.0.0.1:9/");
    call.secret = Some("other".to_owned());
    let error = open_to("127.0.0.1:9".parse().unwrap())
        .call(&call)
        .await
        .unwrap_err();
    assert_eq!(
        error,
        HookError::NoSecret("other".into(), "TIDEMARK_HOOK_SECRET_OTHER".into())
    );
    let secrets = HttpHooks::secrets_of(
        [
            ("TIDEMARK_HOOK_SECRET_A", "x"),
            ("TIDEMARK_HOOK_SECRET_B", ""),
            ("PATH", "y"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into_iter(),
    );
    assert_eq!(secrets, HashMap::from([("A".to_owned(), "x".to_owned())]));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    let moved = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    let (address, _heard) = service(vec![moved.to_owned()]).await;
    let answer = open_to(address)
        .call(&call(&format!("http://{address}/")))
        .await
        .unwrap();
    assert_eq!(answer.status, 302);
}

#[tokio::test]
async fn private_places_are_not_reached_by_address_nor_by_name() {
    let hooks = HttpHooks::new(HookReach::default(), HashMap::new());
    for url in [
        "https://127.0.0.1/",
        "http://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
    ] {
        let error = hooks.call(&call(url)).await.unwrap_err();
        assert!(matches!(error, HookError::NotAllowed(_)), "{url}: {error}");
    }
    // A public name that stands for a private address, also beside a public one.
    let hooks = hooks.with_resolver(Arc::new(|_, port| {
        let found =
            ["8.8.8.8", "169.254.169.254"].map(|ip| SocketAddr::new(ip.parse().unwrap(), port));
        Box::pin(async move { Ok(found.to_vec()) })
    }));
    let error = hooks
        .call(&call("https://app.example.com/"))
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("is the private address 169.254.169.254"),
        "{error}"
    );
}

#[tokio::test]
async fn what_does_not_answer_ends_with_the_deadline() {
    let (address, _heard) = service(vec![String::new()]).await;
    let mut call = call(&format!("http://{address}/"));
    call.deadline = SignedDuration::from_secs(1);
    assert_eq!(
        open_to(address).call(&call).await,
        Err(HookError::TimedOut(1))
    );
}

#[tokio::test]
async fn what_cannot_be_reached_and_what_is_no_answer_is_said() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let error = open_to(address)
        .call(&call(&format!("http://{address}/")))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, HookError::Unreachable(why) if why.contains("cannot be reached")),
        "{error}"
    );
    let huge = answer("200 OK", &"x".repeat(70_000));
    let (address, _heard) = service(vec![huge, "nonsense\r\n\r\n".to_owned()]).await;
    let hooks = open_to(address);
    let error = hooks
        .call(&call(&format!("http://{address}/")))
        .await
        .unwrap_err();
    assert!(matches!(error, HookError::Answer(_)), "{error}");
    let error = hooks
        .call(&call(&format!("http://{address}/")))
        .await
        .unwrap_err();
    assert!(matches!(error, HookError::Unreachable(_)), "{error}");
}

#[tokio::test]
async fn a_server_without_tls_is_no_secure_one() {
    let (address, _heard) = service(vec![answer("200 OK", "")]).await;
    let error = open_to(address)
        .call(&call(&format!("https://{address}/")))
        .await
        .unwrap_err();
    assert!(matches!(error, HookError::Unreachable(_)), "{error}");
}
