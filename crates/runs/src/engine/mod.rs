//! The engine: where runs are asked for, watched and stopped, and where workers come from.

mod active;
mod approve;
mod cancel;
mod config;
mod enqueue;
mod error;
mod idle;
mod notice;
mod retry;
mod view;

pub(crate) use active::{Active, Control};
pub use config::EngineConfig;
pub use enqueue::{Enqueued, RunRequest};
pub use error::EngineError;
pub use notice::RunNotice;

use std::{fmt, sync::Arc};

use tokio::sync::{Notify, broadcast};
use uuid::Uuid;

use crate::{Clock, RunKinds, RunStore, Worker};

/// Asks for runs, watches and stops them. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Arc<dyn RunStore>,
    pub(crate) kinds: RunKinds,
    pub(crate) kind_names: Vec<String>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) config: EngineConfig,
    /// Unique to this engine: the owner of its leases.
    pub(crate) owner: String,
    pub(crate) active: Active,
    pub(crate) notices: broadcast::Sender<RunNotice>,
    pub(crate) due: Notify,
}

impl Engine {
    /// An engine over a store. Several engines, in several processes, may share one store.
    pub fn new(
        store: Arc<dyn RunStore>,
        kinds: RunKinds,
        clock: Arc<dyn Clock>,
        config: EngineConfig,
    ) -> Self {
        let owner = format!("{}-{}", config.worker_name, Uuid::new_v4().simple());
        let kind_names = kinds.names();
        let (notices, _) = broadcast::channel(config.notice_capacity.max(1));
        Self {
            inner: Arc::new(Inner {
                store,
                kinds,
                kind_names,
                clock,
                config,
                owner,
                active: Active::default(),
                notices,
                due: Notify::new(),
            }),
        }
    }

    /// The store behind the engine, for lists and counts.
    pub fn store(&self) -> &Arc<dyn RunStore> {
        &self.inner.store
    }

    /// The engine's clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// The kinds that the engine knows.
    pub fn kinds(&self) -> &RunKinds {
        &self.inner.kinds
    }

    /// A worker; run it with [`Worker::run`].
    pub fn worker(&self) -> Worker {
        Worker::new(Arc::clone(&self.inner))
    }

    /// Tells this process's workers to look for due runs at once: after a run was written
    /// by other means than [`Engine::enqueue`].
    pub fn wake(&self) {
        self.inner.due.notify_one();
    }

    /// The events that this process writes from now on. A receiver that falls behind misses some,
    /// and reads them from the store: [`RunStore::events_after`].
    pub fn subscribe(&self) -> broadcast::Receiver<RunNotice> {
        self.inner.notices.subscribe()
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("owner", &self.inner.owner)
            .field("kinds", &self.inner.kinds)
            .finish_non_exhaustive()
    }
}
