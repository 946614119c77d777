//! The worker dies at every event of the log, of a run that succeeds and of one that is undone.

use std::future::Future;

use super::{Battery, Cut, Failure, Scenario, Subject};
use crate::Clock;

pub(super) async fn run<F, Fut>(battery: &mut Battery, make: &F) -> Result<(), Failure>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Subject> + Send,
{
    // Event 1 is written when the run is asked for.
    for cut in (1..battery.events).flat_map(|n| [Cut::Before(n + 1), Cut::After(n + 1)]) {
        let name = format!("the worker dies: {cut:?} of {}", battery.events);
        let scenario = Scenario::new(name, make().await, vec![]);
        let view = die_and_resume(&scenario, cut).await?;
        battery.expect_done(&scenario, &view).await?;
    }
    for cut in (1..battery.undo_events).flat_map(|n| [Cut::Before(n + 1), Cut::After(n + 1)]) {
        let name = format!("the worker dies while all is undone: {cut:?}");
        let scenario = Scenario::new(name, make().await, battery.fail_last());
        let view = die_and_resume(&scenario, cut).await?;
        battery.expect_undone(&scenario, &view).await?;
    }
    Ok(())
}

/// Lets a worker work until it dies, and another one go on.
async fn die_and_resume(scenario: &Scenario, cut: Cut) -> Result<crate::RunView, Failure> {
    let (dies, store) = scenario.cut_engine(cut);
    let id = scenario.enqueue(&dies).await?;
    loop {
        let due = scenario.work(&dies).await?;
        if store.is_dead() {
            break;
        }
        let view = scenario.view(id).await?;
        match due {
            Some(due) if !view.state.is_terminal() => {
                scenario.clock.advance_to(due);
                scenario.world.moved_to(scenario.clock.now()).await;
            }
            _ => {
                return Err(scenario
                    .failure("the run ended before the worker died")
                    .await);
            }
        }
    }
    scenario.outlive_leases().await;
    scenario.finish(&scenario.engine(), id).await
}
