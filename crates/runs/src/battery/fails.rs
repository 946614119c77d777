//! Each call of each step fails: for good, and in a way that passes.

use std::future::Future;

use jiff::SignedDuration;

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
        ];
        for (what, fault) in ends {
            let plan = once(&step, phase, fault);
            let name = format!("{phase:?} of {step:?} {what}");
            let scenario = Scenario::new(name, make().await, vec![plan]);
            let view = scenario.run_to_end().await?;
            battery.expect_fate(&scenario, &step, &view).await?;
        }
        let retryable = StepError::retryable("An injected failure that passes");
        let passes = [
            ("fails once", Fault::FailBefore(retryable.clone())),
            ("fails once after its effect", Fault::FailAfter(retryable)),
            ("panics", Fault::Panic),
        ];
        for (what, fault) in passes {
            let plan = once(&step, phase, fault);
            let name = format!("{phase:?} of {step:?} {what}");
            let scenario = Scenario::new(name, make().await, vec![plan]);
            let view = scenario.run_to_end().await?;
            battery.expect_done(&scenario, &view).await?;
        }
        outlasts(battery, make, &step, phase).await?;
    }
    undo(battery, make).await
}

/// Trouble that lasts much longer than any step waits by itself; while something is only looked at, also a missing
/// permission.
async fn outlasts<F, Fut>(
    battery: &mut Battery,
    make: &F,
    step: &str,
    phase: Phase,
) -> Result<(), Failure>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Subject> + Send,
{
    let mut troubles = vec![
        Fault::FailBefore(StepError::retryable("An injected outage")),
        Fault::FailAfter(StepError::retryable("An injected loss of answers")),
    ];
    if phase == Phase::Poll {
        troubles.push(Fault::FailBefore(StepError::denied("An injected refusal")));
    }
    for fault in troubles {
        let plan = FaultPlan {
            times: Times::For(SignedDuration::from_mins(10)),
            ..once(step, phase, fault)
        };
        let name = format!("{phase:?} of {step:?} fails for ten minutes");
        let scenario = Scenario::new(name, make().await, vec![plan]);
        let view = scenario.run_to_end().await?;
        battery.expect_done(&scenario, &view).await?;
    }
    Ok(())
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
