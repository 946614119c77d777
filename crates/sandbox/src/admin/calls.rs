use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
};

use crate::{
    calls::{CallFilter, CallRecord},
    gateway::Gateway,
};

/// `GET /_tidemark/calls?account=&service=&action=&since=`
pub(super) async fn list(
    State(gateway): State<Arc<Gateway>>,
    Query(filter): Query<CallFilter>,
) -> Json<Vec<CallRecord>> {
    Json(gateway.calls.list(&filter))
}

/// `DELETE /_tidemark/calls`
pub(super) async fn clear(State(gateway): State<Arc<Gateway>>) -> StatusCode {
    gateway.calls.clear();
    StatusCode::NO_CONTENT
}
