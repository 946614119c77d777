use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tidemark_sandbox_backup::model::{Outage, Scope};

use crate::gateway::Gateway;

/// A time in which no backup job can start.
#[derive(Deserialize)]
pub(super) struct Asked {
    account: String,
    region: String,
    /// Only this resource; absent for all.
    #[serde(default)]
    resource: Option<String>,
    /// Seconds from now until it begins.
    #[serde(default)]
    after_seconds: u32,
    /// How long it lasts.
    seconds: u32,
}

/// From when until when.
#[derive(Serialize)]
pub(super) struct Answer {
    from: Timestamp,
    until: Timestamp,
}

/// `POST /_tidemark/outages {"account", "region", "resource", "after_seconds", "seconds"}`: jobs wait, and
/// expire when their start window ends in it.
pub(super) async fn add(
    State(gateway): State<Arc<Gateway>>,
    Json(asked): Json<Asked>,
) -> (StatusCode, Json<Answer>) {
    let from = gateway.clock.now() + SignedDuration::from_secs(i64::from(asked.after_seconds));
    let until = from + SignedDuration::from_secs(i64::from(asked.seconds));
    gateway.backup.add_outage(Outage {
        scope: Scope::new(asked.account, asked.region),
        resource_arn: asked.resource,
        from,
        until,
    });
    (StatusCode::CREATED, Json(Answer { from, until }))
}
