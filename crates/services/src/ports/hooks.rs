use async_trait::async_trait;
use jiff::SignedDuration;
use tidemark_domain::sets::Method;

/// HTTP requests to applications. Only public hosts are reached, and those that the configuration allows; no redirect is
/// followed.
#[async_trait]
pub trait Hooks: Send + Sync {
    /// Sends a request and reads the answer, whatever its status.
    async fn call(&self, call: &HookCall) -> Result<HookAnswer, HookError>;
}

/// A request to an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookCall {
    /// Where to.
    pub url: String,
    /// The method.
    pub method: Method,
    /// Headers besides.
    pub headers: Vec<(String, String)>,
    /// The body, filled in.
    pub body: Option<String>,
    /// Name of the key that signs it.
    pub secret: Option<String>,
    /// The same for each try of one request: by it the application knows a repeat.
    pub token: String,
    /// How long it may take in all.
    pub deadline: SignedDuration,
}

/// An application's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookAnswer {
    /// The status.
    pub status: u16,
    /// The body; at most 64 KiB.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HookError {
    /// The host has no address, cannot be reached, or broke the connection off.
    #[error("{0}")]
    Unreachable(String),
    /// It did not answer in time.
    #[error("there was no answer within {0} seconds")]
    TimedOut(u64),
    /// The console does not go there.
    #[error("{0}")]
    NotAllowed(String),
    /// There is no key of that name.
    #[error("the key {0} is not set: this process needs the environment variable {1}")]
    NoSecret(String, String),
    /// The answer is larger than it may be, or no HTTP.
    #[error("{0}")]
    Answer(String),
}
