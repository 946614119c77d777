//! One id per request: in the log, in the answer's `x-request-id` and in every error shown.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use tracing::Instrument as _;
use uuid::Uuid;

use crate::names;

static HEADER: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: String;
}

/// The id of a request, among its extensions.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The id of the request that the present task answers.
pub fn current() -> Option<String> {
    CURRENT.try_with(Clone::clone).ok()
}

/// Gives each request an id and a span. An id that the caller sends is not taken over: it could
/// point the log at another request.
pub(crate) async fn assign(mut request: Request, next: Next) -> Response {
    let id = Uuid::now_v7().simple().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!(
        names::REQUEST_SPAN,
        id = %id,
        method = %request.method(),
        path = %request.uri().path(),
    );
    let mut response = CURRENT
        .scope(id.clone(), next.run(request).instrument(span.clone()))
        .await;
    tracing::debug!(parent: &span, status = response.status().as_u16(), "Answered");
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER.clone(), value);
    }
    response
}

/// Counts and times requests by route. A route's pattern is used, never the path itself, so that
/// the number of series stays small.
pub(crate) async fn measure(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = known_method(request.method());
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let response = next.run(request).await;
    let labels = [
        ("method", method.to_owned()),
        ("route", route),
        ("status", response.status().as_u16().to_string()),
    ];
    metrics::counter!(names::REQUESTS, &labels).increment(1);
    metrics::histogram!(names::REQUEST_SECONDS, &labels).record(start.elapsed().as_secs_f64());
    response
}

/// The method as a label. Callers may invent methods, and every label is a series that stays.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn invented_methods_share_one_label() {
        let labels: std::collections::BTreeSet<_> = (0..200)
            .map(|n| known_method(&Method::from_bytes(format!("M{n}").as_bytes()).unwrap()))
            .collect();
        assert_eq!(labels.into_iter().collect::<Vec<_>>(), ["other"]);
        assert_eq!(known_method(&Method::GET), "GET");
    }
}
