//! Faults put around the steps of a kind.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use async_trait::async_trait;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::{
    Always, OnFailure, Outcome, ParamsError, RetryPolicy, RunKind, RunView, Step, StepCtx,
    StepError, StepOutcome,
};

/// Which function of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// [`Step::execute`].
    Execute,
    /// [`Step::poll`].
    Poll,
    /// [`Step::undo`].
    Undo,
    /// [`Step::poll_undo`].
    PollUndo,
}

/// How often a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// The first time only.
    Once,
    /// Each time.
    Always,
    /// From the first time on for so long.
    For(SignedDuration),
}

/// Something to do while a step is called.
pub type Hook = Arc<dyn Fn(&StepCtx) -> BoxFuture<'static, ()> + Send + Sync>;

/// What goes wrong.
#[derive(Clone)]
pub enum Fault {
    /// The call fails without having had its effect.
    FailBefore(StepError),
    /// The call fails after it had its effect.
    FailAfter(StepError),
    /// The call is made twice, and the second answer counts.
    Repeat,
    /// The call panics before it had its effect.
    Panic,
    /// Something else happens before the call.
    Before(Hook),
    /// Something else happens between the call's effect and its answer.
    After(Hook),
}

/// A fault at a place.
#[derive(Clone)]
pub struct FaultPlan {
    /// The step's name.
    pub step: String,
    /// Which of its functions.
    pub phase: Phase,
    /// How often.
    pub times: Times,
    /// What goes wrong.
    pub fault: Fault,
}

/// A kind of run with faults around its steps, which also records the calls of them.
pub struct FaultyKind {
    inner: Arc<dyn RunKind>,
    shared: Arc<Shared>,
}

struct Shared {
    plans: Vec<(FaultPlan, OnceLock<Timestamp>)>,
    calls: Mutex<Vec<(String, Phase)>>,
}

impl FaultyKind {
    /// Puts faults around a kind.
    pub fn new(inner: Arc<dyn RunKind>, plans: Vec<FaultPlan>) -> Self {
        let plans = plans
            .into_iter()
            .map(|plan| (plan, OnceLock::new()))
            .collect();
        Self {
            inner,
            shared: Arc::new(Shared {
                plans,
                calls: Mutex::default(),
            }),
        }
    }

    /// Each function of each step that was called, once, in the order of the first calls.
    pub fn calls(&self) -> Vec<(String, Phase)> {
        let calls = self.shared.calls.lock();
        calls.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl RunKind for FaultyKind {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn params_version(&self) -> u32 {
        self.inner.params_version()
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        Ok(self
            .inner
            .steps(params)?
            .into_iter()
            .map(|inner| -> Box<dyn Step> {
                Box::new(FaultyStep {
                    inner,
                    shared: Arc::clone(&self.shared),
                })
            })
            .collect())
    }

    fn upgrade(&self, version: u32, params: Value) -> Result<Value, ParamsError> {
        self.inner.upgrade(version, params)
    }

    fn outcome(&self, view: &RunView, outcome: Outcome) -> Outcome {
        self.inner.outcome(view, outcome)
    }

    fn rest(&self, params: &Value, view: &RunView) -> Option<Value> {
        self.inner.rest(params, view)
    }

    fn summary(&self, view: &RunView) -> Value {
        self.inner.summary(view)
    }
}

struct FaultyStep {
    inner: Box<dyn Step>,
    shared: Arc<Shared>,
}

impl FaultyStep {
    fn record(&self, phase: Phase) {
        let call = (self.inner.name().to_owned(), phase);
        let calls = self.shared.calls.lock();
        let mut calls = calls.unwrap_or_else(PoisonError::into_inner);
        if !calls.contains(&call) {
            calls.push(call);
        }
    }

    /// The fault that strikes this call.
    fn fault(&self, phase: Phase, now: Timestamp) -> Option<&Fault> {
        let strikes = |times: Times, first: Option<&Timestamp>| match (times, first) {
            (Times::Always, _) | (_, None) => true,
            (Times::Once, Some(_)) => false,
            (Times::For(time), Some(first)) => now.duration_since(*first) < time,
        };
        let here = self.shared.plans.iter().find(|(plan, first)| {
            plan.step == self.inner.name()
                && plan.phase == phase
                && strikes(plan.times, first.get())
        });
        here.map(|(plan, first)| {
            first.get_or_init(|| now);
            &plan.fault
        })
    }

    async fn call(&self, phase: Phase, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.record(phase);
        match self.fault(phase, ctx.now()) {
            None => self.inner_call(phase, ctx).await,
            Some(Fault::FailBefore(error)) => Err(error.clone()),
            Some(Fault::FailAfter(error)) => {
                self.inner_call(phase, ctx).await?;
                Err(error.clone())
            }
            Some(Fault::Repeat) => {
                self.inner_call(phase, ctx).await?;
                self.inner_call(phase, ctx).await
            }
            Some(Fault::Panic) => {
                std::panic::resume_unwind(Box::new("an injected panic"));
            }
            Some(Fault::Before(hook)) => {
                hook(ctx).await;
                self.inner_call(phase, ctx).await
            }
            Some(Fault::After(hook)) => {
                let result = self.inner_call(phase, ctx).await;
                hook(ctx).await;
                result
            }
        }
    }

    async fn inner_call(&self, phase: Phase, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        match phase {
            Phase::Execute => self.inner.execute(ctx).await,
            Phase::Poll => self.inner.poll(ctx).await,
            Phase::Undo => self.inner.undo(ctx).await,
            Phase::PollUndo => self.inner.poll_undo(ctx).await,
        }
    }
}

#[async_trait]
impl Step for FaultyStep {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn title(&self) -> String {
        self.inner.title()
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.call(Phase::Execute, ctx).await
    }

    async fn poll(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.call(Phase::Poll, ctx).await
    }

    fn can_undo(&self) -> bool {
        self.inner.can_undo()
    }

    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.call(Phase::Undo, ctx).await
    }

    async fn poll_undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.call(Phase::PollUndo, ctx).await
    }

    fn always(&self) -> Always {
        self.inner.always()
    }

    fn only_looks(&self) -> bool {
        self.inner.only_looks()
    }

    fn on_failure(&self) -> OnFailure {
        self.inner.on_failure()
    }

    fn at_most(&self) -> Option<SignedDuration> {
        self.inner.at_most()
    }

    fn seals(&self) -> bool {
        self.inner.seals()
    }

    fn retry(&self) -> RetryPolicy {
        self.inner.retry()
    }

    fn undo_retry(&self) -> RetryPolicy {
        self.inner.undo_retry()
    }

    fn deadline(&self) -> Option<SignedDuration> {
        self.inner.deadline()
    }
}
