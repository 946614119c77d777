//! Each call of each step fails: for good, and in a way that passes.

use std::future::Future;

use super::{Battery, Failure, Fault, FaultPlan, Phase, Scenario, Subject, Times};
use crate::{RunState, StepError};

pub(super) async fn run<F, Fut>(battery: &mut Battery, make: &F) -> Result<(), Failure>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Subject> + Send,
{
    for (step, phase) in battery.calls.clone() {
        let permanent = StepError::permanent("An injected failure");
        let ends = [
            ("fails for good", Fault::FailBefore(permanent.clone())),
            (
                "fails for good after its effect",
                Fault::FailAfter(permanent),
            ),
            ("panics", Fault::Panic),
        ];
        for (what, fault) in ends {
            let plan = once(&step, phase, fault);
            let name = format!("{phase:?} of {step:?} {what}");
            let scenario = Scenario::new(name, make().await, vec![plan]);
            let view = scenario.run_to_end().await?;
            if battery.is_always(&step) {
                // What it was to do has not been done; nobody can ask for more than the truth.
                battery.scenarios += 1;
                scenario.expect_state(&view, RunState::Failed).await?;
            } else {
                battery.expect_undone(&scenario, &view).await?;
            }
        }
        let retryable = StepError::retryable("An injected failure that passes");
        let passes = [
            ("fails once", Fault::FailBefore(retryable.clone())),
            ("fails once after its effect", Fault::FailAfter(retryable)),
        ];
        for (what, fault) in passes {
            let plan = once(&step, phase, fault);
            let name = format!("{phase:?} of {step:?} {what}");
            let scenario = Scenario::new(name, make().await, vec![plan]);
            let view = scenario.run_to_end().await?;
            battery.expect_done(&scenario, &view).await?;
        }
    }
    undo(battery, make).await
}

async fn undo<F, Fut>(battery: &mut Battery, make: &F) -> Result<(), Failure>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Subject> + Send,
{
    for (step, phase) in battery.undo_calls.clone() {
        let retryable = StepError::retryable("An injected failure that passes");
        let passes = [
            ("fails once", Fault::FailBefore(retryable.clone())),
            ("fails once after its effect", Fault::FailAfter(retryable)),
        ];
        for (what, fault) in passes {
            let mut plans = battery.fail_last();
            plans.push(once(&step, phase, fault));
            let name = format!("{phase:?} of {step:?} {what}");
            let scenario = Scenario::new(name, make().await, plans);
            let view = scenario.run_to_end().await?;
            battery.expect_undone(&scenario, &view).await?;
        }
        let mut plans = battery.fail_last();
        plans.push(FaultPlan {
            times: Times::Always,
            ..once(
                &step,
                phase,
                Fault::FailBefore(StepError::permanent("An injected failure")),
            )
        });
        let name = format!("{phase:?} of {step:?} fails for good");
        let scenario = Scenario::new(name, make().await, plans);
        let view = scenario.run_to_end().await?;
        battery.scenarios += 1;
        scenario.expect_state(&view, RunState::Failed).await?;
        let told = view.leftovers().any(|left| left.name == step);
        let checked = told
            .then_some(())
            .ok_or_else(|| format!("the view does not tell that {step:?} is left behind"));
        scenario.expect(checked).await?;
    }
    Ok(())
}

pub(super) fn once(step: &str, phase: Phase, fault: Fault) -> FaultPlan {
    FaultPlan {
        step: step.to_owned(),
        phase,
        times: Times::Once,
        fault,
    }
}
