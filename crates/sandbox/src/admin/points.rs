use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use jiff::SignedDuration;
use serde::Deserialize;
use tidemark_sandbox_backup::{SeedPoints, model::Scope};

use crate::gateway::Gateway;

/// Which recovery points to make.
#[derive(Deserialize)]
pub(super) struct Seed {
    account: String,
    region: String,
    vault: String,
    resource_arn: String,
    count: u32,
    /// Age of the newest in seconds.
    #[serde(default)]
    age_seconds: u32,
    /// Time between two of them.
    #[serde(default = "an_hour")]
    every_seconds: u32,
    #[serde(default)]
    delete_after_days: Option<i64>,
    #[serde(default)]
    size_bytes: u64,
}

const fn an_hour() -> u32 {
    3600
}

/// `POST /_tidemark/points`: makes recovery points without jobs and data; answers their ARNs.
pub(super) async fn seed(
    State(gateway): State<Arc<Gateway>>,
    Json(seed): Json<Seed>,
) -> Result<(StatusCode, Json<Vec<String>>), (StatusCode, String)> {
    let now = gateway.clock.now();
    let points = SeedPoints {
        vault: seed.vault,
        resource_arn: seed.resource_arn,
        count: seed.count,
        newest: now - SignedDuration::from_secs(i64::from(seed.age_seconds)),
        every: SignedDuration::from_secs(i64::from(seed.every_seconds)),
        delete_after_days: seed.delete_after_days,
        size_bytes: seed.size_bytes,
    };
    let scope = Scope::new(&seed.account, &seed.region);
    gateway
        .backup
        .seed_points(&scope, &points, now)
        .map(|arns| (StatusCode::CREATED, Json(arns)))
        .map_err(|error| (StatusCode::BAD_REQUEST, error.message))
}
