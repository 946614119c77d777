use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use tidemark_domain::Scope;
use tokio::sync::Notify;

/// Scopes that a run of this process has changed and its sync worker is to read before their turn. Clones share the queue;
/// asking twice is once. What people ask for goes through the catalogue, so that any process's worker hears of it:
/// see `want`.
#[derive(Clone, Debug, Default)]
pub struct SyncQueue {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    scopes: Mutex<BTreeSet<Scope>>,
    wake: Notify,
}

impl SyncQueue {
    /// An empty queue.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for a re-sync.
    pub fn request(&self, scope: Scope) {
        self.lock().insert(scope);
        self.inner.wake.notify_one();
    }

    /// Has the worker of this process, if it has one, look at the catalogue for what is asked for.
    pub fn wake(&self) {
        self.inner.wake.notify_one();
    }

    /// Takes everything asked for so far.
    pub fn take(&self) -> Vec<Scope> {
        std::mem::take(&mut *self.lock()).into_iter().collect()
    }

    /// Waits until something is asked for, or the worker is to look.
    pub async fn requested(&self) {
        self.inner.wake.notified().await;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeSet<Scope>> {
        self.inner
            .scopes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
