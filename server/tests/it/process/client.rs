use std::{collections::BTreeMap, time::Duration};

use http_body_util::{BodyExt as _, Full};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    client::conn::http1,
    header,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::support::client::encode;

const LIMIT: Duration = Duration::from_secs(30);

/// Talks to a process over TCP, keeping the session's cookie.
#[derive(Clone)]
pub(crate) struct HttpClient {
    address: String,
    cookies: BTreeMap<String, String>,
}

impl HttpClient {
    pub(crate) fn new(url: &str) -> Self {
        Self {
            address: url
                .strip_prefix("http://")
                .unwrap()
                .trim_end_matches('/')
                .to_owned(),
            cookies: BTreeMap::new(),
        }
    }

    /// Reads a stream of events to its end, and answers it as it came.
    pub(crate) async fn stream(&self, path: &str) -> Option<String> {
        let response = self.request(Method::GET, path, "", String::new()).await?;
        let body = response.into_body().collect().await.ok()?.to_bytes();
        Some(String::from_utf8_lossy(&body).into_owned())
    }

    /// The same person, at another process.
    pub(crate) fn clone_for(&self, url: &str) -> Self {
        Self {
            cookies: self.cookies.clone(),
            ..Self::new(url)
        }
    }

    pub(crate) async fn sign_in(&mut self, name: &str, password: &str) {
        let body = encode(&[("name", name), ("password", password)]);
        let kind = "application/x-www-form-urlencoded";
        let sent = self
            .send(Method::POST, "/api/session/sign_in", kind, body)
            .await;
        let (status, body) = sent.expect("the console does not answer");
        assert!(
            !status.is_client_error() && !self.cookies.is_empty(),
            "{status}: {body}"
        );
    }

    /// Posts a form; none as with [`HttpClient::get`].
    pub(crate) async fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> Option<StatusCode> {
        let kind = "application/x-www-form-urlencoded";
        let sent = self.send(Method::POST, path, kind, encode(fields)).await?;
        Some(sent.0)
    }

    /// Posts a form as a page without scripts does, and answers where it leads.
    pub(crate) async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let kind = "application/x-www-form-urlencoded";
        let response = self.request(Method::POST, path, kind, encode(fields)).await;
        let response = response.expect("no answer");
        let leads = response.headers().get(header::LOCATION);
        let leads = leads.map_or("", |leads| leads.to_str().unwrap()).to_owned();
        (response.status(), leads)
    }

    /// None when nothing listens, or it went away meanwhile.
    pub(crate) async fn get(&mut self, path: &str) -> Option<(StatusCode, Value)> {
        let (status, body) = self.send(Method::GET, path, "", String::new()).await?;
        Some((status, parse(&body)))
    }

    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> (StatusCode, Value) {
        let sent = self
            .send(Method::POST, path, "application/json", body.to_string())
            .await;
        let (status, body) = sent.expect("no answer");
        (status, parse(&body))
    }

    pub(crate) async fn delete(&mut self, path: &str) {
        self.send(Method::DELETE, path, "", String::new())
            .await
            .expect("no answer");
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        kind: &str,
        body: String,
    ) -> Option<(StatusCode, String)> {
        tokio::time::timeout(LIMIT, self.exchange(method, path, kind, body))
            .await
            .ok()
            .flatten()
    }

    async fn exchange(
        &mut self,
        method: Method,
        path: &str,
        kind: &str,
        body: String,
    ) -> Option<(StatusCode, String)> {
        let response = self.request(method, path, kind, body).await?;
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            if let Some((name, rest)) = cookie.to_str().unwrap().split_once('=') {
                let value = rest.split(';').next().unwrap_or_default();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = response.status();
        let body = response.into_body().collect().await.ok()?.to_bytes();
        Some((status, String::from_utf8_lossy(&body).into_owned()))
    }

    async fn request(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: String,
    ) -> Option<Response<Incoming>> {
        let stream = TcpStream::connect(&self.address).await.ok()?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
        tokio::spawn(connection);
        let jar: Vec<String> = self
            .cookies
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, &self.address)
            .header(header::CONTENT_TYPE, kind)
            .header(header::COOKIE, jar.join("; "))
            .body(Full::new(Bytes::from(body)))
            .unwrap();
        sender.send_request(request).await.ok()
    }
}

fn parse(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|_| Value::String(body.to_owned()))
}
