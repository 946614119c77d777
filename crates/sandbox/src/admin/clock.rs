use std::sync::Arc;

use axum::{Json, extract::State};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::gateway::Gateway;

/// How far to move the clock.
#[derive(Deserialize)]
pub(super) struct Advance {
    seconds: u32,
}

/// The simulated moment.
#[derive(Serialize)]
pub(super) struct Now {
    now: Timestamp,
}

/// `GET /_tidemark/clock`
pub(super) async fn show(State(gateway): State<Arc<Gateway>>) -> Json<Now> {
    Json(Now {
        now: gateway.clock.now(),
    })
}

/// `POST /_tidemark/clock/advance {"seconds": n}`; services catch up before the answer.
pub(super) async fn advance(
    State(gateway): State<Arc<Gateway>>,
    Json(Advance { seconds }): Json<Advance>,
) -> Json<Now> {
    gateway
        .clock
        .advance(SignedDuration::from_secs(i64::from(seconds)));
    let (engine, now) = (gateway.backup.clone(), gateway.clock.now());
    // The engine's own driver may be at it too; both bring about the same history.
    if let Err(error) = tokio::task::spawn_blocking(move || engine.tick(now)).await {
        tracing::warn!(%error, "The backup engine could not catch up with the clock.");
    }
    for service in gateway.services() {
        service.handler.tick().await;
    }
    show(State(gateway)).await
}
