use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tidemark_services::error::{Outage, StoreError};

/// So long after a write has failed for want of space the database counts as full, whatever little
/// writes find place.
const REMEMBERED: Duration = Duration::from_secs(5);
/// So often it is said that the server is full.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// How the last writes went. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Health(Arc<Mutex<Noted>>);

#[derive(Debug, Default)]
struct Noted {
    wrote: Option<Instant>,
    failed: Option<(Instant, Outage)>,
    told: Option<Instant>,
}

impl Health {
    /// A write lasts.
    pub(super) fn wrote(&self) {
        self.lock().wrote = Some(Instant::now());
    }

    /// A statement failed.
    pub(super) fn failed(&self, error: &StoreError) {
        if let StoreError::Unavailable { outage, .. } = error
            && matches!(
                outage,
                Outage::DiskFull | Outage::InputOutput | Outage::Memory | Outage::ReadOnly
            )
        {
            self.lock().failed = Some((Instant::now(), *outage));
        }
    }

    /// Why writes failed a moment ago.
    pub(crate) fn trouble(&self) -> Option<Outage> {
        let failed = self.lock().failed;
        failed
            .filter(|(at, _)| at.elapsed() < REMEMBERED)
            .map(|(_, outage)| outage)
    }

    /// Whether something was written within that time.
    pub(crate) fn wrote_within(&self, time: Duration) -> bool {
        self.lock().wrote.is_some_and(|at| at.elapsed() < time)
    }

    /// Whether it is time to say again what lasts.
    pub(super) fn may_tell(&self) -> bool {
        let mut noted = self.lock();
        let may = noted.told.is_none_or(|at| at.elapsed() >= TELL_EVERY);
        if may {
            noted.told = Some(Instant::now());
        }
        may
    }

    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
