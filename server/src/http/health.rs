//! Whether the process lives, and whether it can serve.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{Problem, Web, chain};

/// `GET /healthz`: the process lives.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the store answers and the server is not stopping.
pub(crate) async fn readyz(State(web): State<Web>) -> Response {
    let not_ready = |why: &str| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "not_ready",
            "Not ready",
            why,
        )
        .into_response()
    };
    if web.stopping.is_cancelled() {
        return not_ready("The server is stopping.");
    }
    if !web.is_ready() {
        return not_ready("The first reading of the accounts is under way.");
    }
    match web.services.accounts.list().await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => {
            tracing::error!(error = %chain(&error), "The store does not answer");
            not_ready("The store does not answer.")
        }
    }
}
