use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::StatusCode,
};
use bytes::Bytes;
use serde::Deserialize;

use crate::gateway::Gateway;

/// Which resource.
#[derive(Deserialize)]
pub(super) struct Resource {
    arn: String,
}

/// `GET /_tidemark/contents?arn=`
pub(super) async fn read(
    State(gateway): State<Arc<Gateway>>,
    Query(Resource { arn }): Query<Resource>,
) -> Bytes {
    gateway.contents.read(&arn)
}

/// `PUT /_tidemark/contents?arn=`
pub(super) async fn write(
    State(gateway): State<Arc<Gateway>>,
    Query(Resource { arn }): Query<Resource>,
    body: Bytes,
) -> StatusCode {
    gateway.contents.write(&arn, body);
    StatusCode::NO_CONTENT
}
