//! An endpoint that gives credentials and knows no table: for what no emulator can be made to do.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

#[derive(Default)]
struct State {
    assumed: AtomicUsize,
    /// Credentials up to this number have expired.
    expired: AtomicUsize,
    refusing: AtomicBool,
    running: AtomicUsize,
    most: AtomicUsize,
}

pub(super) struct Stub {
    address: String,
    state: Arc<State>,
    server: JoinHandle<()>,
}

impl Stub {
    pub(super) async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Ok(Self {
            address,
            state,
            server,
        })
    }

    pub(super) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How often a role was assumed.
    pub(super) fn assumed(&self) -> usize {
        self.state.assumed.load(Ordering::SeqCst)
    }

    /// All credentials given so far have expired.
    pub(super) fn expire(&self) {
        self.state.expired.store(self.assumed(), Ordering::SeqCst);
    }

    /// No role is given any more.
    pub(super) fn refuse_roles(&self) {
        self.state.refusing.store(true, Ordering::SeqCst);
    }

    /// The most calls of DynamoDB that ran at once.
    pub(super) fn most_at_once(&self) -> usize {
        self.state.most.load(Ordering::SeqCst)
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(mut stream: TcpStream, state: Arc<State>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer).await {
            Ok(read) if read > 0 => request.extend_from_slice(&buffer[..read]),
            _ => return,
        }
        if whole(&request) {
            break;
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let (status, body) = if request.contains("Action=AssumeRole") {
        assume(&state)
    } else {
        describe(&state, &request).await
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nx-amzn-requestid: stub\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    // A client that went away needs no answer.
    let _ = stream.write_all(answer.as_bytes()).await;
}

/// Whether the head and as much of the body as it announces are there.
fn whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .filter_map(|l| l.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0);
    body.len() >= length
}

fn assume(state: &State) -> (&'static str, String) {
    if state.refusing.load(Ordering::SeqCst) {
        let body = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
        return ("403 Forbidden", body.to_owned());
    }
    let number = state.assumed.fetch_add(1, Ordering::SeqCst) + 1;
    let body = format!(
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIASTUB{number:08}</AccessKeyId>\
         <SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>\
         <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
    );
    ("200 OK", body)
}

async fn describe(state: &State, request: &str) -> (&'static str, String) {
    let running = state.running.fetch_add(1, Ordering::SeqCst) + 1;
    state.most.fetch_max(running, Ordering::SeqCst);
    // Long enough for others to come in meanwhile, were they let.
    tokio::time::sleep(Duration::from_millis(20)).await;
    state.running.fetch_sub(1, Ordering::SeqCst);
    let key = request
        .split_once("ASIASTUB")
        .and_then(|(_, rest)| rest.get(..8))
        .and_then(|number| number.parse::<usize>().ok())
        .unwrap_or(0);
    let code = if key <= state.expired.load(Ordering::SeqCst) {
        "ExpiredTokenException"
    } else {
        "ResourceNotFoundException"
    };
    let body = format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"no"}}"#);
    ("400 Bad Request", body)
}
