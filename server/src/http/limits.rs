//! How large a body and how long a request may be.

use std::time::Duration;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{Web, problem::Problem};
use crate::names;

/// Reads the whole body first, so that what is too large or too slow is refused with a clear
/// message before any use case sees a part of it.
pub(crate) async fn body(State(web): State<Web>, request: Request, next: Next) -> Response {
    if matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    ) {
        return next.run(request).await;
    }
    let limit = web.settings.body_bytes;
    let (parts, body) = request.into_parts();
    let read = tokio::time::timeout(web.settings.request_timeout, to_bytes(body, limit)).await;
    match read {
        Ok(Ok(bytes)) => {
            next.run(Request::from_parts(parts, Body::from(bytes)))
                .await
        }
        Ok(Err(error)) if is_too_large(&error) => {
            metrics::counter!(names::REFUSED, "reason" => "too_large").increment(1);
            Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                "Too large",
                format!("request body: must have at most {limit} bytes. Nothing was changed."),
            )
            .into_response()
        }
        Ok(Err(_)) => Problem::new(
            StatusCode::BAD_REQUEST,
            "broken_body",
            "The request broke off",
            "The request's body could not be read to its end. Nothing was changed.",
        )
        .into_response(),
        Err(_) => too_slow(web.settings.request_timeout).into_response(),
    }
}

/// Gives a request up that takes too long to answer.
pub(crate) async fn time(State(web): State<Web>, request: Request, next: Next) -> Response {
    let limit = web.settings.request_timeout;
    tokio::time::timeout(limit, next.run(request))
        .await
        .unwrap_or_else(|_| {
            tracing::warn!(
                seconds = limit.as_secs(),
                "A request took too long and was given up"
            );
            Problem::new(
                StatusCode::GATEWAY_TIMEOUT,
                "timeout",
                "No answer in time",
                format!("There was no answer within {} s.", limit.as_secs()),
            )
            .with_guidance("Look at Runs whether what you asked for was begun, then try again.")
            .into_response()
        })
}

fn too_slow(limit: Duration) -> Problem {
    Problem::new(
        StatusCode::REQUEST_TIMEOUT,
        "too_slow",
        "Too slow",
        format!(
            "The request did not arrive within {} s. Nothing was changed.",
            limit.as_secs()
        ),
    )
}

fn is_too_large(error: &axum::Error) -> bool {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = source {
        if cause.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        source = cause.source();
    }
    false
}
