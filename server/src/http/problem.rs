//! Refusals and failures, as `application/problem+json` (RFC 9457) or, for a person, as a page.

use std::error::Error;

use axum::{
    Json,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use serde::Serialize;
use tidemark_domain::{Check, Invalid};
use tidemark_services::{ServiceError, ports::CloudErrorKind};
use utoipa::ToSchema;

use super::request_id;

/// When whoever was refused because the console cannot work for now may come again, in seconds.
const RETRY_AFTER: u64 = 5;

/// What went wrong, for whoever called.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A word for the kind of problem that programs can rely on.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// HTTP status.
    pub status: u16,
    /// The kind of problem in words.
    pub title: &'static str,
    /// What happened, in a sentence.
    pub detail: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guidance: Option<String>,
    /// The field that breaks a rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The rule that it breaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The checks that forbid it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub checks: Vec<Check>,
    /// AWS's error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws_code: Option<String>,
    /// AWS's request id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws_request_id: Option<String>,
    /// Seconds after which trying again makes sense; goes into the header `Retry-After`.
    #[serde(skip)]
    pub retry_after: Option<u64>,
    /// Identifies this request in the console's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
}

impl Problem {
    /// A problem with nothing but its kind and a sentence.
    pub fn new(
        status: StatusCode,
        kind: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            status: status.as_u16(),
            title,
            detail: detail.into(),
            guidance: None,
            field: None,
            rule: None,
            checks: Vec::new(),
            aws_code: None,
            aws_request_id: None,
            retry_after: None,
            correlation_id: request_id::current(),
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_guidance(mut self, guidance: impl Into<String>) -> Self {
        self.guidance = Some(guidance.into());
        self
    }

    /// The database cannot be worked with for now; the cause goes into the log.
    pub fn unavailable(outage: &str, cause: &str) -> Self {
        tracing::warn!(error = cause, "A request was refused: {outage}");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "database_unavailable",
            "The database is not reachable",
            format!("The console cannot work for now: {outage}."),
        )
        .with_guidance(
            "Try again in a few seconds. Runs go on by themselves once the database does.",
        )
        .after(RETRY_AFTER)
    }

    /// Adds the seconds after which trying again makes sense.
    #[must_use]
    pub fn after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Nobody is signed in.
    pub fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "Not signed in",
            "Nobody is signed in, or the session has ended.",
        )
        .with_guidance("Sign in and try again.")
    }

    /// The console itself failed; the error goes into the log and nowhere else.
    pub fn internal(error: &(dyn Error + 'static)) -> Self {
        tracing::error!(error = %chain(error), "A request failed inside the console");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "The console failed",
            "The console itself failed; nothing is known to have changed.",
        )
        .with_guidance("Try again; if it stays, give the correlation id to whoever runs it.")
    }

    /// A value breaks a rule.
    pub fn invalid(invalid: &Invalid) -> Self {
        let mut problem = Self::new(
            StatusCode::BAD_REQUEST,
            "invalid",
            "A value breaks a rule",
            invalid.to_string(),
        );
        problem.field = Some(invalid.field.clone());
        problem.rule = Some(invalid.rule.clone());
        problem
    }
}

/// An error with its sources, on one line.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        Self::invalid(&invalid)
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Unauthenticated => Self::unauthenticated(),
            ServiceError::Forbidden(why) => {
                Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", why)
            }
            ServiceError::NotFound(what) => Self::new(
                StatusCode::NOT_FOUND,
                "not_found",
                "Not found",
                format!("{what} does not exist."),
            ),
            ServiceError::Conflict(why) => Self::new(
                StatusCode::CONFLICT,
                "conflict",
                "The world has changed",
                why,
            ),
            ServiceError::Invalid(invalid) => Self::invalid(&invalid),
            ServiceError::Checks(checks) => {
                let failed: Vec<&str> = checks
                    .iter()
                    .filter(|check| check.verdict == tidemark_domain::Verdict::Fail)
                    .map(|check| check.detail.as_str())
                    .collect();
                let mut problem = Self::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "checks",
                    "A check forbids it",
                    failed.join("; "),
                );
                problem.checks = checks;
                problem
            }
            ServiceError::TooMany(why) => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_many",
                "Too many at once",
                why,
            ),
            ServiceError::Cloud(error) => {
                let status = match error.kind {
                    CloudErrorKind::Throttled
                    | CloudErrorKind::Unavailable
                    | CloudErrorKind::LimitExceeded => StatusCode::SERVICE_UNAVAILABLE,
                    CloudErrorKind::Timeout => StatusCode::GATEWAY_TIMEOUT,
                    _ => StatusCode::BAD_GATEWAY,
                };
                let mut problem =
                    Self::new(status, "aws", "AWS refused or failed", error.to_string());
                problem.aws_code = error.code;
                problem.aws_request_id = error.request_id;
                problem
            }
            ServiceError::Unavailable { outage, source } => {
                Self::unavailable(&outage.to_string(), &chain(source.as_ref()))
            }
            ServiceError::Overloaded(why) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "overloaded",
                "Too much at once",
                format!("The console has too much to do: {why}."),
            )
            .with_guidance("Try again in a few seconds.")
            .after(RETRY_AFTER),
            ServiceError::Internal(error) => Self::internal(error.as_ref()),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self)).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Shows a problem as a page to whoever asked for a page.
pub(crate) async fn present(request: Request, next: Next) -> Response {
    let wants_page =
        accepts_html(request.headers()) && !request.uri().path().starts_with("/api/v1");
    let response = next.run(request).await;
    if !wants_page {
        return response;
    }
    let Some(problem) = response.extensions().get::<Problem>() else {
        return response;
    };
    let page = Html(page(problem)).into_response();
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    Response::from_parts(parts, page.into_body())
}

/// Whether the caller asked for a page.
pub(crate) fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

fn page(problem: &Problem) -> String {
    let guidance = problem
        .guidance
        .as_deref()
        .unwrap_or("Go back and try again.");
    let id = problem.correlation_id.as_deref().unwrap_or("none");
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{title} – Tidemark</title></head><body><main><h1>{title}</h1><p>{detail}</p>\
         <p>{guidance}</p><p><a href=\"/\">To the overview</a></p>\
         <p>Correlation id: <code>{id}</code></p></main></body></html>",
        title = escape(problem.title),
        detail = escape(&problem.detail),
        guidance = escape(guidance),
        id = escape(id),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_value_names_field_and_rule() {
        let problem = Problem::from(Invalid::new("account id", "must have exactly 12 digits"));
        assert_eq!(problem.status, 400);
        assert_eq!(problem.field.as_deref(), Some("account id"));
        assert_eq!(problem.rule.as_deref(), Some("must have exactly 12 digits"));
    }

    #[test]
    fn the_text_of_an_internal_failure_stays_inside() {
        let secret = std::io::Error::other("password=hunter2");
        let problem = Problem::from(ServiceError::Internal(Box::new(secret)));
        assert!(!format!("{problem:?}").contains("hunter2"));
    }

    #[test]
    fn a_page_escapes_what_it_shows() {
        let problem = Problem::new(StatusCode::NOT_FOUND, "x", "X", "<script>alert(1)</script>");
        assert!(!page(&problem).contains("<script>"));
    }
}
