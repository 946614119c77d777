//! A worker stalls in the middle of each call, another one takes over and ends the run, then the
//! first one comes back.

use std::{future::Future, sync::Arc};

use tokio::sync::Notify;

use super::{Battery, Cut, Failure, Fault, Hook, Scenario, Subject, fails::once};
use crate::StoreError;

pub(super) async fn run<F, Fut>(battery: &mut Battery, make: &F) -> Result<(), Failure>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Subject> + Send,
{
    for (step, phase) in battery.calls.clone() {
        let (reached, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let hook: Hook = {
            let (reached, go) = (Arc::clone(&reached), Arc::clone(&go));
            Arc::new(move |_| {
                let (reached, go) = (Arc::clone(&reached), Arc::clone(&go));
                Box::pin(async move {
                    reached.notify_one();
                    go.notified().await;
                })
            })
        };
        let name = format!("a worker stalls after {phase:?} of {step:?}, another takes over");
        let plan = once(&step, phase, Fault::After(hook));
        let scenario = Arc::new(Scenario::new(name, make().await, vec![plan]));
        let (stalls, _) = scenario.cut_engine(Cut::Stalled);
        let id = scenario.enqueue(&stalls).await?;
        let first = tokio::spawn({
            let scenario = Arc::clone(&scenario);
            async move { scenario.finish(&stalls, id).await }
        });
        let limit = std::time::Duration::from_mins(1);
        if tokio::time::timeout(limit, reached.notified())
            .await
            .is_err()
        {
            return Err(scenario.failure("the step was not reached").await);
        }
        scenario.outlive_leases().await;
        let view = scenario.finish(&scenario.engine(), id).await?;
        go.notify_one();
        match first.await.map_err(StoreError::unavailable) {
            Ok(end) => end?,
            Err(error) => return Err(scenario.failure(error.to_string()).await),
        };
        let after = scenario.view(id).await?;
        let checked = if after == view {
            Ok(())
        } else {
            Err("the worker that lost its lease has written to the log".to_owned())
        };
        scenario.expect(checked).await?;
        battery.expect_done(&scenario, &view).await?;
    }
    Ok(())
}
