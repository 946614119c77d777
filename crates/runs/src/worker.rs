//! Workers: they take due runs and carry them forward.

use std::{convert::Infallible, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{
    ClaimRequest, Claimed, Renewal, StoreError,
    clock::later,
    driver::drive,
    engine::{Control, Inner},
};

/// Takes due runs and carries them forward, several at once. Any number of workers, in any number
/// of processes, may share a store.
pub struct Worker {
    inner: Arc<Inner>,
    runs: JoinSet<()>,
}

/// Whether a claim left anything behind.
enum Supply {
    /// As many runs came as were asked for: there are probably more.
    More,
    /// Nothing is left for now.
    Drained,
}

impl Worker {
    pub(crate) fn new(inner: Arc<Inner>) -> Self {
        Self {
            inner,
            runs: JoinSet::new(),
        }
    }

    /// Works until `shutdown` is triggered; then takes no more runs, gives those back whose step
    /// ends within the grace period, and drops the others: they go on elsewhere.
    pub async fn run(mut self, shutdown: CancellationToken) {
        let inner = Arc::clone(&self.inner);
        tracing::info!(owner = inner.owner, "The worker looks for runs");
        tokio::select! {
            biased;
            never = keep_leases(&inner) => match never {},
            () = self.work(&shutdown) => {}
        }
        tracing::info!(owner = inner.owner, "The worker has stopped");
    }

    async fn work(&mut self, shutdown: &CancellationToken) {
        while !shutdown.is_cancelled() {
            let until = match self.take().await {
                Ok(Supply::More) => later(self.inner.clock.now(), BACKLOG_PAUSE),
                Ok(Supply::Drained) => self.next_look().await,
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "Runs could not be claimed; the worker tries again"
                    );
                    later(self.inner.clock.now(), self.inner.config.poll_interval)
                }
            };
            self.rest(until, shutdown).await;
        }
        self.stop().await;
    }

    /// Fills the free places.
    async fn take(&mut self) -> Result<Supply, StoreError> {
        let limit = self.free();
        if limit == 0 {
            return Ok(Supply::More);
        }
        let claims = self
            .inner
            .store
            .claim(&self.inner.claim_request(limit))
            .await?;
        let full = u32::try_from(claims.len()).is_ok_and(|came| came >= limit);
        for claim in claims {
            let control = Arc::new(self.inner.control_of(&claim));
            self.runs
                .spawn(drive(Arc::clone(&self.inner), claim, control));
        }
        Ok(if full { Supply::More } else { Supply::Drained })
    }

    /// When to look for runs again, if nothing happens before.
    async fn next_look(&self) -> Timestamp {
        let now = self.inner.clock.now();
        let poll = later(now, self.inner.config.poll_interval);
        match self.inner.store.next_due(&self.inner.kind_names).await {
            // A run that is due and was not given is beyond a cap, or being taken by another
            // worker.
            Ok(Some(due)) if due > now => due.min(poll),
            Ok(_) => poll,
            Err(error) => {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "The next due time is unknown; the worker polls"
                );
                poll
            }
        }
    }

    /// Waits for a reason to look for runs again.
    async fn rest(&mut self, until: Timestamp, shutdown: &CancellationToken) {
        let inner = Arc::clone(&self.inner);
        let mut time = inner.clock.sleep_until(until);
        // Claims come in batches: a quarter of the places has to be free while all were taken.
        let batch = (inner.config.max_concurrent_runs / 4).max(1);
        let was_full = self.free() < batch;
        loop {
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return,
                () = inner.due.notified(), if !was_full => return,
                () = &mut time => return,
                Some(_) = self.runs.join_next() => {
                    while self.runs.try_join_next().is_some() {}
                    if !was_full || self.free() >= batch {
                        return;
                    }
                }
            }
        }
    }

    fn free(&self) -> u32 {
        let taken = u32::try_from(self.runs.len()).unwrap_or(u32::MAX);
        self.inner
            .config
            .max_concurrent_runs
            .max(1)
            .saturating_sub(taken)
    }

    async fn stop(&mut self) {
        for (_, control) in self.inner.active.all() {
            control.stop.cancel();
        }
        let grace = later(self.inner.clock.now(), self.inner.config.shutdown_grace);
        let ended = async { while self.runs.join_next().await.is_some() {} };
        tokio::select! {
            biased;
            () = ended => return,
            () = self.inner.clock.sleep_until(grace) => {}
        }
        let left: Vec<_> = self.inner.active.all();
        self.runs.shutdown().await;
        for (key, _) in left {
            if let Err(error) = self.inner.store.release(&key).await {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "A lease could not be given back; it will run out"
                );
            }
        }
    }
}

/// How long a worker with all places taken waits before it looks whether some are free.
const BACKLOG_PAUSE: SignedDuration = SignedDuration::from_millis(20);

/// Prolongs the leases of the runs that this engine works on, and tells those who work on them
/// when one is lost or a cancel was asked for.
pub(crate) async fn keep_leases(inner: &Inner) -> Infallible {
    let third = inner.config.lease.checked_div(3).unwrap_or_default();
    loop {
        inner
            .clock
            .sleep_until(later(inner.clock.now(), third))
            .await;
        let (keys, controls): (Vec<_>, Vec<_>) = inner.active.all().into_iter().unzip();
        if keys.is_empty() {
            continue;
        }
        let until = later(inner.clock.now(), inner.config.lease);
        match inner.store.renew(&keys, until).await {
            Ok(renewals) => {
                for (control, renewal) in controls.iter().zip(renewals) {
                    match renewal {
                        Renewal::Renewed { cancel } => {
                            control.prolong(until);
                            if let Some(request) = cancel {
                                control.request_cancel(request);
                            }
                        }
                        Renewal::Lost => control.lost.cancel(),
                    }
                }
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "Leases could not be prolonged"
                );
                // Somebody else may have these runs by now: stop having effects.
                let now = inner.clock.now();
                for control in controls.iter().filter(|control| control.has_expired(now)) {
                    control.lost.cancel();
                }
            }
        }
    }
}

impl Inner {
    pub(crate) fn claim_request(&self, limit: u32) -> ClaimRequest {
        let now = self.clock.now();
        ClaimRequest {
            owner: self.owner.clone(),
            now,
            until: later(now, self.config.lease),
            limit,
            kinds: self.kind_names.clone(),
            per_creator: self.config.per_creator,
            per_account: self.config.per_account,
        }
    }

    pub(crate) fn control_of(&self, claim: &Claimed) -> Control {
        let expires_at = claim.run.lease.as_ref().map(|lease| lease.expires_at);
        Control::new(expires_at.unwrap_or_else(|| self.clock.now()))
    }
}
