//! The endpoint under `/_tidemark/` that tests and demonstrations use beside the AWS protocols.

mod calls;
mod clock;
mod contents;
mod faults;
mod outages;
mod points;

use std::sync::Arc;

use axum::{
    Json, Router,
    routing::{delete, get, post},
};
use serde_json::{Value, json};

use crate::gateway::Gateway;

/// Routes of the admin endpoint.
pub(crate) fn router() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/_tidemark/health", get(health))
        .route("/_tidemark/calls", get(calls::list).delete(calls::clear))
        .route(
            "/_tidemark/faults",
            get(faults::list).post(faults::add).delete(faults::clear),
        )
        .route("/_tidemark/faults/{id}", delete(faults::remove))
        .route(
            "/_tidemark/contents",
            get(contents::read).put(contents::write),
        )
        .route("/_tidemark/outages", post(outages::add))
        .route("/_tidemark/points", post(points::seed))
        .route("/_tidemark/clock", get(clock::show))
        .route("/_tidemark/clock/advance", post(clock::advance))
}

async fn health() -> Json<Value> {
    Json(json!({"status": "ok"}))
}
