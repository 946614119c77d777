//! A person cancels: before the run begins, before and after each call's effect, and during each
//! sleep.

use std::{
    future::Future,
    sync::{Arc, OnceLock},
};

use super::{Battery, Failure, Fault, Hook, Phase, Scenario, Subject, fails::once};
use crate::{Engine, RunState, RunView, StepState};

pub(super) async fn run<F, Fut>(battery: &mut Battery, make: &F) -> Result<(), Failure>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Subject> + Send,
{
    let scenario = Scenario::new("cancelled before it begins", make().await, vec![]);
    let engine = scenario.engine();
    let id = scenario.enqueue(&engine).await?;
    cancel(&scenario, &engine, id).await?;
    let view = scenario.finish(&engine, id).await?;
    scenario.expect_state(&view, RunState::Cancelled).await?;
    expect_stopped(battery, &scenario, &view).await?;

    for (step, phase) in battery.calls.clone() {
        for after in [false, true] {
            let engine = Arc::new(OnceLock::new());
            let hook = cancelling(Arc::clone(&engine));
            let (when, fault) = if after {
                ("after", Fault::After(hook))
            } else {
                ("before", Fault::Before(hook))
            };
            let name = format!("cancelled {when} {phase:?} of {step:?}");
            let plan = once(&step, phase, fault);
            let scenario = Scenario::new(name, make().await, vec![plan]);
            let engine = engine.get_or_init(|| scenario.engine()).clone();
            let id = scenario.enqueue(&engine).await?;
            let view = scenario.finish(&engine, id).await?;
            expect_stopped(battery, &scenario, &view).await?;
        }
        if phase == Phase::Poll {
            let name = format!("cancelled while {step:?} waits");
            let scenario = Scenario::new(name, make().await, vec![]);
            cancel_in_sleep(&scenario, &step).await?;
            let view = scenario.view(scenario_run(&scenario).await?).await?;
            expect_stopped(battery, &scenario, &view).await?;
        }
    }
    Ok(())
}

/// Carries the run to where the step waits, cancels it, and carries it to its end.
async fn cancel_in_sleep(scenario: &Scenario, step: &str) -> Result<(), Failure> {
    use crate::Clock;
    let engine = scenario.engine();
    let id = scenario.enqueue(&engine).await?;
    loop {
        let due = scenario.work(&engine).await?;
        let view = scenario.view(id).await?;
        if view.step(step).is_some_and(|step| step.work.waiting) {
            break;
        }
        match due {
            Some(due) if !view.state.is_terminal() => scenario.clock.advance_to(due),
            _ => return Err(scenario.failure("the step does not wait").await),
        }
        scenario.world.moved_to(scenario.clock.now()).await;
    }
    let asleep = scenario.clock.now();
    cancel(scenario, &engine, id).await?;
    scenario.work(&engine).await?;
    let view = scenario.view(id).await?;
    let at_once = view.cancel.is_some() && scenario.clock.now() == asleep;
    let checked = at_once
        .then_some(())
        .ok_or_else(|| "the run slept on although it was cancelled".to_owned());
    scenario.expect(checked).await?;
    scenario.finish(&engine, id).await?;
    Ok(())
}

async fn scenario_run(scenario: &Scenario) -> Result<crate::RunId, Failure> {
    let page = scenario.store.list(&crate::RunQuery::first(1)).await;
    match page
        .ok()
        .and_then(|page| page.runs.first().map(|run| run.id))
    {
        Some(id) => Ok(id),
        None => Err(scenario.failure("there is no run").await),
    }
}

async fn cancel(scenario: &Scenario, engine: &Engine, id: crate::RunId) -> Result<(), Failure> {
    match engine.cancel(id, "ben", "enough").await {
        Ok(_) => Ok(()),
        Err(error) => Err(scenario.failure(error.to_string()).await),
    }
}

/// A hook that cancels the run in which it is called.
fn cancelling(engine: Arc<OnceLock<Engine>>) -> Hook {
    Arc::new(move |ctx| {
        let (engine, id) = (engine.get().cloned(), ctx.run_id());
        Box::pin(async move {
            if let Some(engine) = engine {
                // Should it fail, the run ends otherwise, and that is what is looked at.
                let _ = engine.cancel(id, "ben", "enough").await;
            }
        })
    })
}

/// A cancelled run is undone; one that was done before the request was seen has succeeded.
async fn expect_stopped(
    battery: &mut Battery,
    scenario: &Scenario,
    view: &RunView,
) -> Result<(), Failure> {
    if view.state == RunState::Succeeded {
        return battery.expect_done(scenario, view).await;
    }
    battery.scenarios += 1;
    scenario.expect_state(view, RunState::Cancelled).await?;
    if view
        .steps
        .iter()
        .any(|step| step.seals && step.state == StepState::Succeeded)
    {
        return battery.expect_kept(scenario, view).await;
    }
    battery.expect_world_undone(scenario).await
}
