//! HTTP requests to applications: the port [`Hooks`](tidemark_services::ports::Hooks) over hyper.
//!
//! Names are looked up once, every address that is found is checked, and the connection goes to just such an address: a
//! name cannot mean another place a moment later. No redirect is followed. The whole request has one deadline, and an
//! answer is read up to a bound.

mod connect;
mod sign;

use std::{collections::HashMap, io, net::SocketAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use futures::future::BoxFuture;
use http::{HeaderName, HeaderValue, Request, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use tidemark_domain::sets::HookReach;
use tidemark_services::ports::{HookAnswer, HookCall, HookError, Hooks};
use url::Url;

/// The largest answer that is read.
const MOST_BYTES: usize = 64 * 1024;

/// Looks a name up.
pub type Resolve =
    Arc<dyn Fn(String, u16) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// Requests over HTTP and HTTPS.
#[derive(Clone)]
pub struct HttpHooks {
    reach: HookReach,
    secrets: Arc<HashMap<String, String>>,
    resolve: Resolve,
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    tls: connect::Tls,
}

impl HttpHooks {
    /// Requests to where `reach` allows, signed with these keys by name.
    pub fn new(reach: HookReach, secrets: HashMap<String, String>) -> Self {
        Self {
            reach,
            secrets: Arc::new(secrets),
            resolve: Arc::new(|host, port| {
                Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
            }),
            now: Arc::new(Timestamp::now),
            tls: connect::Tls::default(),
        }
    }

    /// The same with another way to look names up.
    #[must_use]
    pub fn with_resolver(self, resolve: Resolve) -> Self {
        Self { resolve, ..self }
    }

    /// The keys of a process's environment: `TIDEMARK_HOOK_SECRET_<NAME>`.
    pub fn secrets_of(
        variables: impl Iterator<Item = (String, String)>,
    ) -> HashMap<String, String> {
        variables
            .filter_map(|(name, value)| {
                let name = name.strip_prefix(sign::PREFIX)?.to_owned();
                (!name.is_empty() && !value.is_empty()).then_some((name, value))
            })
            .collect()
    }

    async fn send(&self, call: &HookCall) -> Result<HookAnswer, HookError> {
        self.reach.check(&call.url).map_err(HookError::NotAllowed)?;
        let url = Url::parse(&call.url).map_err(|error| {
            HookError::NotAllowed(format!("the address makes no sense: {error}"))
        })?;
        let request = self.request(call, &url)?;
        let stream = connect::connect(&url, &self.reach, &self.resolve, &self.tls).await?;
        let broken = |error: hyper::Error| {
            HookError::Unreachable(format!("the connection broke off: {error}"))
        };
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(broken)?;
        let exchange = async {
            let answer = sender.send_request(request).await.map_err(broken)?;
            let status = answer.status().as_u16();
            let body = Limited::new(answer.into_body(), MOST_BYTES)
                .collect()
                .await
                .map_err(|_| {
                    HookError::Answer(format!(
                        "the answer broke off, or has more than {MOST_BYTES} bytes"
                    ))
                })?;
            Ok(HookAnswer {
                status,
                body: body.to_bytes().to_vec(),
            })
        };
        // The connection is worked on as long as the answer is waited for, and closed with it.
        tokio::pin!(connection);
        tokio::pin!(exchange);
        tokio::select! {
            answer = &mut exchange => answer,
            end = &mut connection => match end {
                Ok(()) => exchange.await,
                Err(error) => Err(broken(error)),
            },
        }
    }

    fn request(&self, call: &HookCall, url: &Url) -> Result<Request<Full<Bytes>>, HookError> {
        let wrong = |error: http::Error| {
            HookError::NotAllowed(format!("the request makes no sense: {error}"))
        };
        let target = match url.query() {
            None => url.path().to_owned(),
            Some(query) => format!("{}?{query}", url.path()),
        };
        let body = call.body.clone().unwrap_or_default();
        let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
        let mut request = Request::builder()
            .method(call.method.as_str())
            .uri(&target)
            .header(header::HOST, host)
            .header(header::USER_AGENT, "tidemark")
            .header("tidemark-token", &call.token);
        if let Some(name) = &call.secret {
            let key = sign::variable(name);
            let secret = self
                .secrets
                .get(key.trim_start_matches(sign::PREFIX))
                .ok_or_else(|| HookError::NoSecret(name.clone(), key.clone()))?;
            let signature = sign::sign(secret, (self.now)(), call.method.as_str(), &target, &body);
            request = request.header("tidemark-signature", signature);
        }
        let has_type = call
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if call.body.is_some() && !has_type {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        for (name, value) in &call.headers {
            let name = HeaderName::try_from(name).map_err(|error| wrong(error.into()))?;
            let value = HeaderValue::try_from(value).map_err(|error| wrong(error.into()))?;
            request = request.header(name, value);
        }
        request.body(Full::new(Bytes::from(body))).map_err(wrong)
    }
}

#[async_trait]
impl Hooks for HttpHooks {
    async fn call(&self, call: &HookCall) -> Result<HookAnswer, HookError> {
        let seconds = u64::try_from(call.deadline.as_secs()).unwrap_or(0).max(1);
        match tokio::time::timeout(Duration::from_secs(seconds), self.send(call)).await {
            Ok(answer) => answer,
            Err(_) => Err(HookError::TimedOut(seconds)),
        }
    }
}

impl std::fmt::Debug for HttpHooks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpHooks")
            .field("reach", &self.reach)
            .finish_non_exhaustive()
    }
}
