//! One run under one set of faults.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::Value;

use super::{Cut, CutStore, Failure, FaultPlan, FaultyKind, Subject, World};
use crate::{
    Clock, Engine, EngineConfig, ManualClock, MemoryRunStore, RunId, RunKind, RunKinds, RunRequest,
    RunState, RunStore, RunView, StoreError,
};

/// How often the clock is moved before a run counts as stuck.
const LONGEST: usize = 5_000;

pub(super) struct Scenario {
    name: String,
    pub(super) kind: Arc<FaultyKind>,
    pub(super) clock: ManualClock,
    pub(super) world: Arc<dyn World>,
    pub(super) store: Arc<dyn RunStore>,
    params: Value,
}

impl Scenario {
    pub(super) fn new(name: impl Into<String>, subject: Subject, faults: Vec<FaultPlan>) -> Self {
        Self {
            name: name.into(),
            kind: Arc::new(FaultyKind::new(subject.kind, faults)),
            clock: subject.clock,
            world: subject.world,
            store: Arc::new(MemoryRunStore::new()),
            params: subject.params,
        }
    }

    pub(super) async fn observe(&self) -> Value {
        self.world.observe().await
    }

    pub(super) fn engine(&self) -> Engine {
        self.engine_over(Arc::clone(&self.store))
    }

    /// An engine that dies or stalls, and the store as it sees it.
    pub(super) fn cut_engine(&self, cut: Cut) -> (Engine, Arc<CutStore>) {
        let store = Arc::new(CutStore::new(Arc::clone(&self.store), cut));
        (self.engine_over(Arc::clone(&store) as Arc<_>), store)
    }

    fn engine_over(&self, store: Arc<dyn RunStore>) -> Engine {
        let mut kinds = RunKinds::new();
        kinds.add(Arc::clone(&self.kind) as Arc<dyn RunKind>);
        let config = EngineConfig {
            progress_interval: SignedDuration::ZERO,
            ..EngineConfig::default()
        };
        Engine::new(store, kinds, Arc::new(self.clock.clone()), config)
    }

    pub(super) async fn enqueue(&self, engine: &Engine) -> Result<RunId, Failure> {
        let request = RunRequest::new(self.kind.name(), self.params.clone(), "battery");
        match engine.enqueue(request).await {
            Ok(enqueued) => Ok(enqueued.run.id),
            Err(error) => Err(self.failure(error.to_string()).await),
        }
    }

    /// Creates the run and carries it to its end.
    pub(super) async fn run_to_end(&self) -> Result<RunView, Failure> {
        let engine = self.engine();
        let id = self.enqueue(&engine).await?;
        self.finish(&engine, id).await
    }

    /// Carries the run to its end, moving the clock whenever nothing is due.
    pub(super) async fn finish(&self, engine: &Engine, id: RunId) -> Result<RunView, Failure> {
        for _ in 0..LONGEST {
            let due = self.work(engine).await?;
            let view = self.view(id).await?;
            if view.state.is_terminal() {
                return Ok(view);
            }
            let Some(due) = due else {
                return Err(self
                    .failure("the run has not ended, and nothing is due")
                    .await);
            };
            self.clock.advance_to(due);
            self.world.moved_to(self.clock.now()).await;
        }
        Err(self.failure("the run does not come to an end").await)
    }

    /// Carries out what is due, in the time that a run may take at most.
    pub(super) async fn work(&self, engine: &Engine) -> Result<Option<jiff::Timestamp>, Failure> {
        let limit = std::time::Duration::from_mins(1);
        match tokio::time::timeout(limit, engine.run_until_idle()).await {
            Ok(Ok(due)) => Ok(due),
            Ok(Err(error)) => Err(self.failure(error.to_string()).await),
            Err(_) => Err(self.failure("a step did not return within a minute").await),
        }
    }

    pub(super) async fn view(&self, id: RunId) -> Result<RunView, Failure> {
        match self.store.events_after(id, 0, u32::MAX).await {
            Ok(events) => Ok(RunView::fold(&events)),
            Err(error) => Err(self.failure(error.to_string()).await),
        }
    }

    /// Lets the leases of whoever has died run out.
    pub(super) async fn outlive_leases(&self) {
        let lease = EngineConfig::default().lease;
        self.clock.advance(lease + SignedDuration::from_secs(1));
        self.world.moved_to(self.clock.now()).await;
    }

    pub(super) async fn expect_state(
        &self,
        view: &RunView,
        expected: RunState,
    ) -> Result<(), Failure> {
        let checked = if view.state == expected {
            Ok(())
        } else {
            Err(format!("the run is {}, not {expected}", view.state))
        };
        self.expect(checked).await
    }

    pub(super) async fn expect(&self, checked: Result<(), String>) -> Result<(), Failure> {
        match checked {
            Ok(()) => Ok(()),
            Err(problem) => Err(self.failure(problem).await),
        }
    }

    pub(super) async fn failure(&self, problem: impl Into<String>) -> Failure {
        Failure {
            scenario: self.name.clone(),
            problem: problem.into(),
            log: self.log().await.unwrap_or_default(),
        }
    }

    async fn log(&self) -> Result<Vec<crate::RunEvent>, StoreError> {
        let page = self.store.list(&crate::RunQuery::first(1)).await?;
        match page.runs.first() {
            Some(run) => self.store.events_after(run.id, 0, u32::MAX).await,
            None => Ok(Vec::new()),
        }
    }
}
