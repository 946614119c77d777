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
        .advance(SignedDuration::from_secs(i64::from(seconds)))
        .await;
    show(State(gateway)).await
}
