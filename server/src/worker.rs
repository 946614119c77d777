//! The part that carries runs out and keeps the catalogue true.

use std::{sync::Arc, time::Duration};

use tidemark_services::{
    Services,
    sync::{SyncConfig, SyncWorker},
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::config::WorkerConfig;

/// Works until it is told to stop; then steps that are under way may end.
pub async fn work(services: Arc<Services>, config: WorkerConfig, stop: CancellationToken) {
    let (stop_sync, stopped) = watch::channel(false);
    let sync = SyncWorker::new(Arc::clone(&services), sync_config(config));
    let reading = tokio::spawn(async move { sync.run(stopped).await });
    services.runs.worker().run(stop).await;
    let _ = stop_sync.send(true);
    // It may be in the middle of a scope: what was read is stored whole or not at all.
    reading.abort();
}

/// How the sync works.
pub fn sync_config(config: WorkerConfig) -> SyncConfig {
    SyncConfig {
        every: Duration::from_secs(config.sync_every_seconds.max(1)),
        concurrency: config.sync_concurrency.max(1),
        ..SyncConfig::default()
    }
}
