//! Each call of each step is made twice.

use std::future::Future;

use super::{Battery, Failure, Fault, FaultPlan, Scenario, Subject, Times, fails::once};

pub(super) async fn run<F, Fut>(battery: &mut Battery, make: &F) -> Result<(), Failure>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Subject> + Send,
{
    let repeat = |step: &str, phase| FaultPlan {
        times: Times::Always,
        ..once(step, phase, Fault::Repeat)
    };
    for (step, phase) in battery.calls.clone() {
        let name = format!("{phase:?} of {step:?} is made twice");
        let plans = vec![repeat(&step, phase)];
        let scenario = Scenario::new(name, make().await, plans);
        let view = scenario.run_to_end().await?;
        battery.expect_done(&scenario, &view).await?;
    }
    for (step, phase) in battery.undo_calls.clone() {
        let name = format!("{phase:?} of {step:?} is made twice");
        let mut plans = battery.fail_last();
        plans.push(repeat(&step, phase));
        let scenario = Scenario::new(name, make().await, plans);
        let view = scenario.run_to_end().await?;
        battery.expect_undone(&scenario, &view).await?;
    }
    Ok(())
}
