//! The part that carries runs out and keeps the catalogue true.

use std::{sync::Arc, time::Duration};

use tidemark_services::{
    Services,
    records::{CaptureConfig, CaptureWorker},
    sync::{SyncConfig, SyncWorker},
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::config::WorkerConfig;

/// Works until it is told to stop; then steps that are under way may end.
pub async fn work(services: Arc<Services>, config: WorkerConfig, stop: CancellationToken) {
    let (stop_sync, stopped) = watch::channel(false);
    let sync = SyncWorker::new(Arc::clone(&services), sync_config(config));
    let captures = CaptureWorker::new(Arc::clone(&services), capture_config(config));
    let stop_captures = stopped.clone();
    let capturing = tokio::spawn(async move { captures.run(stop_captures).await });
    let reading = tokio::spawn(async move { sync.run(stopped).await });
    let keeping = tokio::spawn(keep_coverage(Arc::clone(&services)));
    services.runs.worker().run(stop).await;
    keeping.abort();
    let _ = stop_sync.send(true);
    // It may be in the middle of a scope: what was read is stored whole or not at all.
    reading.abort();
    // It stores what it read and gives its shards back, within its grace.
    let _ = capturing.await;
}

/// How long after the start, and how often, what the controls say is kept.
const COVERAGE_FIRST: Duration = Duration::from_mins(1);
const COVERAGE_EVERY: Duration = Duration::from_hours(1);

/// Keeps what the controls say, time and again: the history of coverage.
async fn keep_coverage(services: Arc<Services>) {
    tokio::time::sleep(COVERAGE_FIRST).await;
    loop {
        if let Err(error) = tidemark_services::coverage::record_day(&services).await {
            tracing::warn!(%error, "what the controls say could not be kept");
        }
        tokio::time::sleep(COVERAGE_EVERY).await;
    }
}

/// How the sync works.
pub fn sync_config(config: WorkerConfig) -> SyncConfig {
    SyncConfig {
        every: Duration::from_secs(config.sync_every_seconds.max(1)),
        concurrency: config.sync_concurrency.max(1),
        ..SyncConfig::default()
    }
}

/// How captures are worked on.
pub fn capture_config(config: WorkerConfig) -> CaptureConfig {
    CaptureConfig {
        worker: std::env::var("HOSTNAME").unwrap_or_else(|_| "worker".to_owned()),
        lease: Duration::from_secs(u64::from(config.lease_seconds.max(1))),
        flush_after: Duration::from_secs(config.records_flush_seconds.max(1)),
        ..CaptureConfig::default()
    }
}
