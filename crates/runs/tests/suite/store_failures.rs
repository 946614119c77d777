use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tidemark_runs::{
    Append, Appended, CancelRequest, ClaimRequest, Claimed, Clock, Creation, Engine, EngineConfig,
    LeaseKey, ManualClock, MemoryRunStore, NewRun, Renewal, Run, RunCounts, RunEvent, RunFilter,
    RunId, RunKinds, RunPage, RunQuery, RunState, RunStore, StoreError,
};

use crate::support::{Log, TestKind, TestStep, hangs, request, until};

/// A store that is not available now and then.
#[derive(Default)]
struct Flaky {
    inner: MemoryRunStore,
    /// So many appends fail.
    appends: AtomicU32,
    /// Of those that fail, whether they are written all the same.
    written: AtomicBool,
    /// Whether leases cannot be prolonged.
    renewals: AtomicBool,
}

fn unavailable() -> StoreError {
    StoreError::unavailable("the connection was closed")
}

#[async_trait]
impl RunStore for Flaky {
    async fn append(&self, append: Append) -> Result<Appended, StoreError> {
        let fails = self
            .appends
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1))
            .is_ok();
        if fails && !self.written.load(Ordering::SeqCst) {
            return Err(unavailable());
        }
        let appended = self.inner.append(append).await?;
        if fails {
            Err(unavailable())
        } else {
            Ok(appended)
        }
    }

    async fn renew(
        &self,
        leases: &[LeaseKey],
        until: Timestamp,
    ) -> Result<Vec<Renewal>, StoreError> {
        if self.renewals.load(Ordering::SeqCst) {
            return Err(unavailable());
        }
        self.inner.renew(leases, until).await
    }

    async fn create(&self, new: NewRun) -> Result<Creation, StoreError> {
        self.inner.create(new).await
    }

    async fn get(&self, id: RunId) -> Result<Option<Run>, StoreError> {
        self.inner.get(id).await
    }

    async fn claim(&self, request: &ClaimRequest) -> Result<Vec<Claimed>, StoreError> {
        self.inner.claim(request).await
    }

    async fn next_due(&self, kinds: &[String]) -> Result<Option<Timestamp>, StoreError> {
        self.inner.next_due(kinds).await
    }

    async fn release(&self, lease: &LeaseKey) -> Result<(), StoreError> {
        self.inner.release(lease).await
    }

    async fn request_cancel(&self, id: RunId, cancel: CancelRequest) -> Result<Run, StoreError> {
        self.inner.request_cancel(id, cancel).await
    }

    async fn list(&self, query: &RunQuery) -> Result<RunPage, StoreError> {
        self.inner.list(query).await
    }

    async fn events_after(
        &self,
        id: RunId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RunEvent>, StoreError> {
        self.inner.events_after(id, after, limit).await
    }

    async fn counts(&self, filter: &RunFilter) -> Result<RunCounts, StoreError> {
        self.inner.counts(filter).await
    }
}

fn engine(store: &Arc<Flaky>, clock: &ManualClock, steps: Vec<TestStep>) -> Engine {
    Engine::new(
        Arc::clone(store) as Arc<dyn RunStore>,
        RunKinds::new().with(TestKind::new(steps)),
        Arc::new(clock.clone()),
        EngineConfig::default(),
    )
}

/// Carries out what is due while the clock goes on.
async fn work_while_time_passes(engine: &Engine, clock: &ManualClock) {
    let time = async {
        loop {
            tokio::task::yield_now().await;
            clock.advance(SignedDuration::from_millis(10));
        }
    };
    tokio::select! {
        idle = engine.run_until_idle() => { idle.unwrap(); }
        () = time => {}
    }
}

#[tokio::test]
async fn an_append_is_tried_again_until_the_store_is_back() {
    let (store, clock, log) = (Arc::default(), ManualClock::default(), Log::default());
    let engine = engine(&store, &clock, vec![TestStep::logging("one", &log)]);
    let id = engine.enqueue(request()).await.unwrap().run.id;
    store.appends.store(3, Ordering::SeqCst);
    work_while_time_passes(&engine, &clock).await;
    assert_eq!(engine.view(id).await.unwrap().state, RunState::Succeeded);
    assert_eq!(store.appends.load(Ordering::SeqCst), 0);
    assert_eq!(log.len(), 1);
}

#[tokio::test]
async fn an_append_whose_answer_is_lost_is_not_written_twice() {
    let (store, clock, log) = (Arc::default(), ManualClock::default(), Log::default());
    let engine = engine(&store, &clock, vec![TestStep::logging("one", &log)]);
    let id = engine.enqueue(request()).await.unwrap().run.id;
    store.appends.store(1, Ordering::SeqCst);
    store.written.store(true, Ordering::SeqCst);
    work_while_time_passes(&engine, &clock).await;
    // The worker could not know, and stopped; the run goes on when the lease has run out.
    assert_eq!(engine.view(id).await.unwrap().state, RunState::Running);
    assert_eq!(log.len(), 0);
    clock.advance(SignedDuration::from_mins(1));
    engine.run_until_idle().await.unwrap();
    let view = engine.view(id).await.unwrap();
    assert_eq!(view.state, RunState::Succeeded);
    assert_eq!(view.step("one").unwrap().work.attempts, 2);
    assert_eq!(log.len(), 1);
}

#[tokio::test]
async fn a_worker_that_cannot_prolong_its_lease_drops_its_step_when_the_lease_has_expired() {
    let (store, clock) = (Arc::<Flaky>::default(), ManualClock::default());
    let (begun, dropped) = (Log::default(), Arc::new(AtomicBool::new(false)));
    let engine = engine(&store, &clock, vec![hangs(&begun, &dropped)]);
    engine.enqueue(request()).await.unwrap();
    store.renewals.store(true, Ordering::SeqCst);
    let start = clock.now();
    let time = async {
        until("the step runs", async || begun.len() == 1).await;
        while !dropped.load(Ordering::SeqCst) {
            clock.advance(SignedDuration::from_secs(1));
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
        }
        clock.now().duration_since(start)
    };
    let held = tokio::select! {
        _ = engine.run_until_idle() => None,
        held = time => Some(held),
    };
    let held = held.unwrap();
    assert!(held >= SignedDuration::from_secs(30), "{held}");
    assert!(held <= SignedDuration::from_secs(35), "{held}");
}
