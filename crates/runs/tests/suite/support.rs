//! Kinds made of closures, engines over memory, and waiting for a state.

use std::{
    future::Future,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tidemark_runs::{
    Always, Clock, Engine, EngineConfig, ManualClock, MemoryRunStore, OnFailure, ParamsError,
    RetryPolicy, RunId, RunKind, RunKinds, RunRequest, RunStore, RunView, Step, StepCtx, StepError,
    StepOutcome,
};

pub(crate) type Body =
    Arc<dyn for<'a> Fn(&'a StepCtx) -> BoxFuture<'a, Result<StepOutcome, StepError>> + Send + Sync>;

/// A step made of closures.
#[derive(Clone)]
pub(crate) struct TestStep {
    name: String,
    execute: Body,
    poll: Option<Body>,
    undo: Option<Body>,
    always: Always,
    retry: RetryPolicy,
    deadline: Option<SignedDuration>,
    on_failure: OnFailure,
    seals: bool,
    at_most: Option<SignedDuration>,
}

pub(crate) fn body<F>(body: F) -> Body
where
    F: for<'a> Fn(&'a StepCtx) -> BoxFuture<'a, Result<StepOutcome, StepError>>
        + Send
        + Sync
        + 'static,
{
    Arc::new(body)
}

/// A body that answers at once.
pub(crate) fn says(
    answer: impl Fn(&StepCtx) -> Result<StepOutcome, StepError> + Send + Sync + 'static,
) -> Body {
    body(move |ctx| {
        let answer = answer(ctx);
        Box::pin(async move { answer })
    })
}

impl TestStep {
    pub(crate) fn new(name: &str, execute: Body) -> Self {
        Self {
            name: name.to_owned(),
            execute,
            poll: None,
            undo: None,
            always: Always::No,
            retry: RetryPolicy::STANDARD,
            deadline: None,
            on_failure: OnFailure::Undo,
            seals: false,
            at_most: None,
        }
    }

    /// A step that writes its name into `log`, and `undo <name>` when undone.
    pub(crate) fn logging(name: &str, log: &Log) -> Self {
        let (done, undone) = (log.clone(), log.clone());
        Self::new(
            name,
            says(move |ctx| {
                done.add(ctx.step());
                Ok(StepOutcome::done())
            }),
        )
        .undo(says(move |ctx| {
            undone.add(&format!("undo {}", ctx.step()));
            Ok(StepOutcome::done())
        }))
    }

    pub(crate) fn poll(mut self, poll: Body) -> Self {
        self.poll = Some(poll);
        self
    }

    pub(crate) fn undo(mut self, undo: Body) -> Self {
        self.undo = Some(undo);
        self
    }

    pub(crate) fn warns(mut self) -> Self {
        self.on_failure = OnFailure::Warn;
        self
    }

    pub(crate) fn seals(mut self) -> Self {
        self.seals = true;
        self
    }

    pub(crate) fn always(mut self, always: Always) -> Self {
        self.always = always;
        self
    }

    pub(crate) fn at_most(mut self, at_most: SignedDuration) -> Self {
        self.at_most = Some(at_most);
        self
    }

    pub(crate) fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    pub(crate) fn deadline(mut self, deadline: SignedDuration) -> Self {
        self.deadline = Some(deadline);
        self
    }
}

#[async_trait]
impl Step for TestStep {
    fn name(&self) -> &str {
        &self.name
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        (self.execute)(ctx).await
    }

    async fn poll(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.poll.as_ref().unwrap_or(&self.execute)(ctx).await
    }

    fn can_undo(&self) -> bool {
        self.undo.is_some()
    }

    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.undo.as_ref().unwrap()(ctx).await
    }

    fn always(&self) -> Always {
        self.always.clone()
    }

    fn on_failure(&self) -> OnFailure {
        self.on_failure
    }

    fn seals(&self) -> bool {
        self.seals
    }

    fn at_most(&self) -> Option<SignedDuration> {
        self.at_most
    }

    fn retry(&self) -> RetryPolicy {
        self.retry
    }

    fn deadline(&self) -> Option<SignedDuration> {
        self.deadline
    }
}

/// Tells when it is dropped.
struct Dropped(Arc<AtomicBool>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// A step called `hangs` that never returns, and tells when it is begun and when it is dropped.
pub(crate) fn hangs(begun: &Log, dropped: &Arc<AtomicBool>) -> TestStep {
    let (begun, dropped) = (begun.clone(), Arc::clone(dropped));
    TestStep::new(
        "hangs",
        body(move |_| {
            begun.add("begun");
            let guard = Dropped(Arc::clone(&dropped));
            Box::pin(async move {
                futures::future::pending::<()>().await;
                drop(guard);
                Ok(StepOutcome::done())
            })
        }),
    )
}

/// A kind of the given steps.
pub(crate) struct TestKind {
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) steps: Vec<TestStep>,
}

impl TestKind {
    pub(crate) fn new(steps: Vec<TestStep>) -> Self {
        Self {
            name: "test".to_owned(),
            version: 1,
            steps,
        }
    }
}

impl RunKind for TestKind {
    fn name(&self) -> &str {
        &self.name
    }

    fn params_version(&self) -> u32 {
        self.version
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        if params.get("refuse").is_some() {
            return Err(ParamsError::new("refused"));
        }
        let steps = self.steps.iter().cloned();
        Ok(steps.map(|step| Box::new(step) as Box<dyn Step>).collect())
    }

    fn upgrade(&self, version: u32, params: Value) -> Result<Value, ParamsError> {
        match version {
            0 => Err(ParamsError::new("too old")),
            _ => Ok(json!({"upgraded_from": version, "was": params})),
        }
    }

    fn summary(&self, view: &RunView) -> Value {
        json!({"steps": view.steps.len()})
    }
}

/// What happened, in order.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn add(&self, entry: &str) {
        self.0.lock().unwrap().push(entry.to_owned());
    }

    pub(crate) fn entries(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

/// An engine over memory with a clock that stands still.
pub(crate) struct Bench {
    pub(crate) engine: Engine,
    pub(crate) clock: ManualClock,
    pub(crate) store: Arc<MemoryRunStore>,
}

impl Bench {
    pub(crate) fn new(steps: Vec<TestStep>) -> Self {
        Self::with(TestKind::new(steps), EngineConfig::default())
    }

    pub(crate) fn with(kind: TestKind, config: EngineConfig) -> Self {
        let clock = ManualClock::default();
        let store = Arc::new(MemoryRunStore::new());
        let engine = Engine::new(
            Arc::clone(&store) as Arc<dyn RunStore>,
            RunKinds::new().with(kind),
            Arc::new(clock.clone()),
            config,
        );
        Self {
            engine,
            clock,
            store,
        }
    }

    /// Another engine over the same store and clock, as in another process.
    pub(crate) fn other(&self, kind: TestKind) -> Engine {
        Engine::new(
            Arc::clone(&self.store) as Arc<dyn RunStore>,
            RunKinds::new().with(kind),
            Arc::new(self.clock.clone()),
            EngineConfig::default(),
        )
    }

    pub(crate) async fn enqueue(&self) -> RunId {
        self.engine.enqueue(request()).await.unwrap().run.id
    }

    /// Carries the run to its end, moving the clock when nothing is due.
    pub(crate) async fn finish(&self, id: RunId) -> RunView {
        finish(&self.engine, &self.clock, id).await
    }

    /// Creates a run and carries it to its end.
    pub(crate) async fn run(&self) -> RunView {
        let id = self.enqueue().await;
        self.finish(id).await
    }
}

pub(crate) async fn finish(engine: &Engine, clock: &ManualClock, id: RunId) -> RunView {
    for _ in 0..20_000 {
        let due = engine.run_until_idle().await.unwrap();
        let view = engine.view(id).await.unwrap();
        if view.state.is_terminal() {
            return view;
        }
        clock.advance_to(due.unwrap());
        assert!(clock.now() <= due.unwrap() + SignedDuration::from_hours(1));
    }
    unreachable!("the run does not come to an end");
}

pub(crate) fn request() -> RunRequest {
    RunRequest::new("test", json!({"table": "orders"}), "ana")
}

/// Waits until the condition holds.
pub(crate) async fn until<F, Fut>(what: &str, condition: F)
where
    F: Fn() -> Fut,
    Fut: Future<Output = bool>,
{
    let deadline = Instant::now() + Duration::from_secs(30);
    while !condition().await {
        assert!(Instant::now() < deadline, "did not come about: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
