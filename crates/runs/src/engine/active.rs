//! The runs that this process works on at present.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use tidemark_domain::runs::{CancelRequest, RunId};
use tokio_util::sync::CancellationToken;

use crate::LeaseKey;

/// The runs that this process works on at present, by lease.
#[derive(Default)]
pub(crate) struct Active {
    by_lease: Mutex<HashMap<LeaseKey, Arc<Control>>>,
}

/// How others reach the one that works on a run.
pub(crate) struct Control {
    /// Triggered when the run is asked to stop.
    pub(crate) cancel: CancellationToken,
    /// Triggered when the lease is lost: whatever goes on is dropped.
    pub(crate) lost: CancellationToken,
    /// Triggered when the worker shuts down: the run is given back after the present step.
    pub(crate) stop: CancellationToken,
    request: Mutex<Option<CancelRequest>>,
    expires_at: Mutex<Timestamp>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Control {
    pub(crate) fn new(expires_at: Timestamp) -> Self {
        Self {
            cancel: CancellationToken::new(),
            lost: CancellationToken::new(),
            stop: CancellationToken::new(),
            request: Mutex::new(None),
            expires_at: Mutex::new(expires_at),
        }
    }

    pub(crate) fn request_cancel(&self, request: CancelRequest) {
        lock(&self.request).get_or_insert(request);
        self.cancel.cancel();
    }

    pub(crate) fn cancel_request(&self) -> Option<CancelRequest> {
        lock(&self.request).clone()
    }

    pub(crate) fn prolong(&self, until: Timestamp) {
        *lock(&self.expires_at) = until;
    }

    pub(crate) fn has_expired(&self, now: Timestamp) -> bool {
        *lock(&self.expires_at) <= now
    }
}

impl Active {
    /// Registers a run until the guard is dropped.
    pub(crate) fn enter(&self, key: LeaseKey, control: Arc<Control>) -> ActiveGuard<'_> {
        lock(&self.by_lease).insert(key.clone(), control);
        ActiveGuard { active: self, key }
    }

    /// All of them, always in the same order: rows are then locked in one order, and the same
    /// history happens again in the same way.
    pub(crate) fn all(&self) -> Vec<(LeaseKey, Arc<Control>)> {
        let mut all: Vec<_> = lock(&self.by_lease)
            .iter()
            .map(|(key, control)| (key.clone(), Arc::clone(control)))
            .collect();
        all.sort_by_key(|(key, _)| (key.run, key.epoch));
        all
    }

    pub(crate) fn of_run(&self, run: RunId) -> Vec<Arc<Control>> {
        lock(&self.by_lease)
            .iter()
            .filter(|(key, _)| key.run == run)
            .map(|(_, control)| Arc::clone(control))
            .collect()
    }
}

pub(crate) struct ActiveGuard<'a> {
    active: &'a Active,
    key: LeaseKey,
}

impl Drop for ActiveGuard<'_> {
    fn drop(&mut self) {
        lock(&self.active.by_lease).remove(&self.key);
    }
}
