//! The battery that every kind of run passes: fail each step, repeat each step and each undo, cut
//! the log after every event and resume, let two workers race, cancel at each step.
//!
//! ```no_run
//! # use tidemark_runs::battery::{self, Subject};
//! # async fn subject() -> Subject { unimplemented!() }
//! # async fn test() -> Result<(), battery::Failure> {
//! let report = battery::run(subject).await?;
//! assert!(report.scenarios > 50);
//! # Ok(())
//! # }
//! ```

mod cancels;
mod cuts;
mod fails;
mod fault;
mod limits;
mod races;
mod repeats;
mod scenario;
mod store;

pub use fault::{Fault, FaultPlan, FaultyKind, Hook, Phase, Times};
pub use store::{Cut, CutStore};

use std::{future::Future, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::Value;

use crate::{ManualClock, RunEvent, RunKind, RunState, RunView, StepState};
use scenario::Scenario;

/// A kind of run, parameters for it, and the world that it changes: everything fresh.
pub struct Subject {
    /// The kind.
    pub kind: Arc<dyn RunKind>,
    /// Parameters with which it succeeds.
    pub params: Value,
    /// The clock of the engine; the world may look at it too.
    pub clock: ManualClock,
    /// The world.
    pub world: Arc<dyn World>,
}

/// The world that a kind of run changes.
#[async_trait]
pub trait World: Send + Sync {
    /// What there is to see in it, without what differs from run to run (ids, times): two runs
    /// that did the same must look the same. Counts of things made belong in it: that is how a
    /// thing made twice is found.
    async fn observe(&self) -> Value;

    /// Called when the clock was moved because nothing was due before; for worlds with a clock of
    /// their own.
    async fn moved_to(&self, _now: Timestamp) {}

    /// Whether the world is as it should be after a run that succeeded in spite of a fault;
    /// `expected` is how it was after an undisturbed run.
    fn check_done(&self, expected: &Value, seen: &Value) -> Result<(), String> {
        same("after an undisturbed run", expected, seen)
    }

    /// Whether what the run was asked for is there after something failed, or the run was cancelled,
    /// once AWS had finished it; `done` is how the world was after an undisturbed run.
    fn check_kept(&self, done: &Value, seen: &Value) -> Result<(), String> {
        same("after an undisturbed run", done, seen)
    }

    /// Whether the world is as it should be after a run that failed or was cancelled; `before` is
    /// how it was before the run.
    fn check_undone(&self, before: &Value, seen: &Value) -> Result<(), String> {
        same("before the run", before, seen)
    }
}

fn same(when: &str, expected: &Value, seen: &Value) -> Result<(), String> {
    if expected == seen {
        return Ok(());
    }
    Err(format!(
        "the world differs from what it was {when}\n  expected: {expected}\n  seen:     {seen}"
    ))
}

/// What the battery did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// How many runs it carried through.
    pub scenarios: usize,
}

/// A scenario that went wrong.
#[derive(Debug, thiserror::Error)]
#[error("{scenario}: {problem}\n{}", log_text(.log))]
pub struct Failure {
    /// What was tried.
    pub scenario: String,
    /// What was wrong then.
    pub problem: String,
    /// The run's log.
    pub log: Vec<RunEvent>,
}

fn log_text(log: &[RunEvent]) -> String {
    let lines = log
        .iter()
        .map(|event| format!("  {:>3} {:?}", event.seq, event.kind));
    lines.collect::<Vec<_>>().join("\n")
}

/// Runs the whole battery. `make` gives a fresh subject, with a fresh world, for each scenario.
pub async fn run<F, Fut>(make: F) -> Result<Report, Failure>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Subject> + Send,
{
    let mut battery = Battery::undisturbed(&make).await?;
    battery.learn_undo(&make).await?;
    fails::run(&mut battery, &make).await?;
    repeats::run(&mut battery, &make).await?;
    cuts::run(&mut battery, &make).await?;
    races::run(&mut battery, &make).await?;
    cancels::run(&mut battery, &make).await?;
    limits::run(&mut battery, &make).await?;
    Ok(Report {
        scenarios: battery.scenarios,
    })
}

/// What is known of the subject from runs without further faults.
pub(crate) struct Battery {
    /// The world before a run.
    before: Value,
    /// The world after a successful run.
    done: Value,
    /// The steps in order.
    steps: Vec<Known>,
    /// The calls that a successful run makes.
    calls: Vec<(String, Phase)>,
    /// How many events a successful run writes.
    events: u64,
    /// The last step before anything is finished: when it fails after its effect, everything has to be undone.
    last: Option<String>,
    /// The undo calls of a run whose last step fails.
    undo_calls: Vec<(String, Phase)>,
    /// How many events that run writes.
    undo_events: u64,
    scenarios: usize,
}

/// A step as the battery knows it.
struct Known {
    name: String,
    fate: Fate,
}

/// What becomes of a run of which the step fails for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Everything is undone.
    Undone,
    /// The run says that it failed, and what it made stays: it is finished, or runs always.
    Failed,
    /// The run goes on and says what is missing.
    Warned,
}

fn fates(view: &RunView) -> Vec<Known> {
    let mut sealed = false;
    let mut steps = Vec::with_capacity(view.steps.len());
    for step in &view.steps {
        let fate = if !step.on_failure.is_undo() {
            Fate::Warned
        } else if sealed || !step.always.is_no() {
            Fate::Failed
        } else {
            Fate::Undone
        };
        sealed |= step.seals;
        steps.push(Known {
            name: step.name.clone(),
            fate,
        });
    }
    steps
}

impl Battery {
    async fn undisturbed<F, Fut>(make: &F) -> Result<Self, Failure>
    where
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Subject> + Send,
    {
        let scenario = Scenario::new("undisturbed", make().await, vec![]);
        let before = scenario.observe().await;
        let view = scenario.run_to_end().await?;
        scenario.expect_state(&view, RunState::Succeeded).await?;
        let steps = fates(&view);
        Ok(Self {
            before,
            done: scenario.observe().await,
            calls: scenario.kind.calls(),
            events: view.seq,
            last: steps
                .iter()
                .rev()
                .find(|step| step.fate == Fate::Undone)
                .map(|step| step.name.clone()),
            steps,
            undo_calls: Vec::new(),
            undo_events: 0,
            scenarios: 1,
        })
    }

    async fn learn_undo<F, Fut>(&mut self, make: &F) -> Result<(), Failure>
    where
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Subject> + Send,
    {
        let scenario = Scenario::new(
            "the last step fails after its effect",
            make().await,
            self.fail_last(),
        );
        let view = scenario.run_to_end().await?;
        self.expect_undone(&scenario, &view).await?;
        let undo = |phase: &Phase| matches!(phase, Phase::Undo | Phase::PollUndo);
        self.undo_calls = scenario.kind.calls();
        self.undo_calls.retain(|(_, phase)| undo(phase));
        self.undo_events = view.seq;
        Ok(())
    }

    /// The fault that makes a run undo everything.
    fn fail_last(&self) -> Vec<FaultPlan> {
        self.last
            .iter()
            .map(|step| FaultPlan {
                step: step.clone(),
                phase: Phase::Execute,
                times: Times::Always,
                fault: Fault::FailAfter(crate::StepError::permanent("An injected failure")),
            })
            .collect()
    }

    fn fate(&self, step: &str) -> Fate {
        let known = self.steps.iter().find(|known| known.name == step);
        known.map_or(Fate::Undone, |known| known.fate)
    }

    /// What a step that fails for good has to lead to.
    async fn expect_fate(
        &mut self,
        scenario: &Scenario,
        step: &str,
        view: &RunView,
    ) -> Result<(), Failure> {
        let state = match self.fate(step) {
            Fate::Undone => return self.expect_undone(scenario, view).await,
            Fate::Failed => RunState::Failed,
            // Kinds that work on several targets say so of one that is missing.
            Fate::Warned if view.state == RunState::PartlyFailed => RunState::PartlyFailed,
            Fate::Warned => RunState::SucceededWithWarnings,
        };
        self.scenarios += 1;
        scenario.expect_state(view, state).await?;
        self.expect_kept(scenario, view).await
    }

    /// What was finished before the run ended is still there.
    async fn expect_kept(&self, scenario: &Scenario, view: &RunView) -> Result<(), Failure> {
        let finished = view
            .steps
            .iter()
            .any(|step| step.seals && step.state == StepState::Succeeded);
        if !finished {
            return Ok(());
        }
        let seen = scenario.observe().await;
        let checked = scenario.world.check_kept(&self.done, &seen);
        scenario.expect(checked).await
    }

    async fn expect_done(&mut self, scenario: &Scenario, view: &RunView) -> Result<(), Failure> {
        self.scenarios += 1;
        scenario.expect_state(view, RunState::Succeeded).await?;
        let seen = scenario.observe().await;
        let checked = scenario.world.check_done(&self.done, &seen);
        scenario.expect(checked).await
    }

    async fn expect_undone(&mut self, scenario: &Scenario, view: &RunView) -> Result<(), Failure> {
        self.scenarios += 1;
        scenario.expect_state(view, RunState::Failed).await?;
        self.expect_world_undone(scenario).await
    }

    async fn expect_world_undone(&self, scenario: &Scenario) -> Result<(), Failure> {
        let seen = scenario.observe().await;
        let checked = scenario.world.check_undone(&self.before, &seen);
        scenario.expect(checked).await
    }
}
