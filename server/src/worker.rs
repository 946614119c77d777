//! The part that carries runs out and keeps the catalogue true.

use std::{future::Future, sync::Arc, time::Duration};

use tidemark_services::{
    Pulse, Services,
    permissions::{PermissionConfig, PermissionWorker},
    records::{CaptureConfig, CaptureWorker},
    sync::{SyncConfig, SyncWorker},
};
use tidemark_store::StoreConfig;
use tokio::{sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{config::WorkerConfig, liveness::Liveness, wiring::Wired};

/// Carries runs out, reads the accounts, follows captured tables, asks what roles may do, keeps the history of coverage.
pub struct Worker {
    services: Arc<Services>,
    sync: Arc<SyncWorker>,
    captures: Arc<CaptureWorker>,
    permissions: Arc<PermissionWorker>,
    runs: Pulse,
    still: Duration,
}

impl Worker {
    /// A worker; it does nothing until it works.
    pub fn new(wired: &Wired, config: WorkerConfig, store: StoreConfig) -> Self {
        let services = Arc::clone(&wired.services);
        let lease = Duration::from_secs(u64::from(config.lease_seconds.max(1)));
        Self {
            sync: Arc::new(SyncWorker::new(Arc::clone(&services), sync_config(config))),
            captures: Arc::new(CaptureWorker::new(
                Arc::clone(&services),
                capture_config(config),
            )),
            permissions: Arc::new(PermissionWorker::new(
                Arc::clone(&services),
                permission_config(config),
            )),
            runs: wired.store.runs_pulse(),
            // A turn may wait for a connection and then for an answer of the database.
            still: (lease * 2).max(store.patience * 2),
            services,
        }
    }

    /// Whether its loops go round.
    pub fn liveness(&self) -> Liveness {
        let loops = [
            ("carries runs out", self.runs.clone()),
            ("reads the accounts", self.sync.pulse()),
            ("follows captured tables", self.captures.pulse()),
            ("asks what roles may do", self.permissions.pulse()),
        ];
        Liveness::new(loops, self.still)
    }

    /// Works until it is told to stop; then steps that are under way may end.
    pub async fn work(self, stop: CancellationToken) {
        let (stop_all, stopped) = watch::channel(false);
        let (captures, stop_captures) = (Arc::clone(&self.captures), stopped.clone());
        let capturing = keep_going("following captured tables", stopped.clone(), move || {
            let (captures, stop) = (Arc::clone(&captures), stop_captures.clone());
            async move { captures.run(stop).await }
        });
        let (sync, stop_sync) = (Arc::clone(&self.sync), stopped.clone());
        let (permissions, stop_asking) = (Arc::clone(&self.permissions), stopped.clone());
        let asking = keep_going("asking what roles may do", stopped.clone(), move || {
            let (permissions, stop) = (Arc::clone(&permissions), stop_asking.clone());
            async move { permissions.run(stop).await }
        });
        let reading = keep_going("reading the accounts", stopped, move || {
            let (sync, stop) = (Arc::clone(&sync), stop_sync.clone());
            async move { sync.run(stop).await }
        });
        let keeping = tokio::spawn(keep_coverage(Arc::clone(&self.services)));
        self.services.runs.worker().run(stop).await;
        keeping.abort();
        let _ = stop_all.send(true);
        // It may be in the middle of a scope: what was read is stored whole or not at all.
        reading.abort();
        asking.abort();
        // It stores what it read and gives its shards back, within its grace.
        let _ = capturing.await;
    }
}

/// After a loop broke off.
const PAUSE: Duration = Duration::from_secs(1);

/// Runs a loop in a task, again when it breaks off before it is told to stop.
fn keep_going<F: Future<Output = ()> + Send + 'static>(
    what: &'static str,
    stopped: watch::Receiver<bool>,
    run: impl Fn() -> F + Send + 'static,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut task = AbortOnDrop(tokio::spawn(run()));
        while let Err(error) = (&mut task.0).await {
            if *stopped.borrow() {
                return;
            }
            tracing::error!(%error, "{what} broke off; it goes on");
            tokio::time::sleep(PAUSE).await;
            task = AbortOnDrop(tokio::spawn(run()));
        }
    })
}

struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
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
        lease: Duration::from_secs(u64::from(config.lease_seconds.max(1))),
        ..SyncConfig::default()
    }
}

/// How the reports on permissions are made.
pub fn permission_config(config: WorkerConfig) -> PermissionConfig {
    PermissionConfig {
        every: Duration::from_secs(config.permissions_every_seconds.max(1)),
        ..PermissionConfig::default()
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
