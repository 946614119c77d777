//! What always runs is not held up for longer than it allows, whichever step does not come to an end.

use std::{future::Future, sync::Arc};

use jiff::SignedDuration;

use super::{Battery, Failure, Fault, FaultPlan, Hook, Scenario, Subject, Times};
use crate::{Always, ManualClock, RunView, StepError};

/// What the last look before the limit may take.
const SLACK: SignedDuration = SignedDuration::from_mins(1);

pub(super) async fn run<F, Fut>(battery: &mut Battery, make: &F) -> Result<(), Failure>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Subject> + Send,
{
    let scenario = Scenario::new("undisturbed, for its limits", make().await, vec![]);
    let view = scenario.run_to_end().await?;
    for limited in limits(&view) {
        let calls = battery.calls.clone();
        for (step, phase) in calls {
            let place = view.steps.iter().position(|known| known.name == step);
            if place.is_none_or(|place| place < limited.first || place >= limited.last) {
                continue;
            }
            for (what, hangs) in [("fails for ever", false), ("hangs for ever", true)] {
                let subject = make().await;
                let fault = if hangs {
                    Fault::Before(hang(subject.clock.clone()))
                } else {
                    Fault::FailBefore(StepError::retryable("An injected outage"))
                };
                let plan = FaultPlan {
                    step: step.clone(),
                    phase,
                    times: Times::Always,
                    fault,
                };
                let name = format!(
                    "{phase:?} of {step:?} {what}, and {:?} has to run",
                    limited.name
                );
                let scenario = Scenario::new(name, subject, vec![plan]);
                let ended = scenario.run_to_end().await?;
                scenario.expect(held_up(&ended, &limited)).await?;
                battery.expect_fate(&scenario, &step, &ended).await?;
            }
        }
    }
    Ok(())
}

/// Time goes by, and the step does not answer.
fn hang(clock: ManualClock) -> Hook {
    Arc::new(move |_| {
        let clock = clock.clone();
        Box::pin(async move {
            loop {
                clock.advance(SignedDuration::from_secs(5));
                // Whoever waits for a time sees that it has come.
                for _ in 0..8 {
                    tokio::task::yield_now().await;
                }
            }
        })
    })
}

struct Limited {
    name: String,
    armed_by: String,
    first: usize,
    last: usize,
    at_most: SignedDuration,
}

fn limits(view: &RunView) -> Vec<Limited> {
    let mut limits = Vec::new();
    for (last, step) in view.steps.iter().enumerate() {
        let (Always::OnceStarted(armed_by), Some(seconds)) = (&step.always, step.at_most_seconds)
        else {
            continue;
        };
        let first = view.steps.iter().position(|known| known.name == *armed_by);
        if let Some(first) = first {
            limits.push(Limited {
                name: step.name.clone(),
                armed_by: armed_by.clone(),
                first,
                last,
                at_most: SignedDuration::from_secs(i64::from(seconds)),
            });
        }
    }
    limits
}

/// For how long the step that always runs was held up.
fn held_up(view: &RunView, limited: &Limited) -> Result<(), String> {
    let started = |name: &str| view.step(name).and_then(|step| step.work.started_at);
    match (started(&limited.armed_by), started(&limited.name)) {
        (Some(armed), Some(ran)) if ran.duration_since(armed) <= limited.at_most + SLACK => Ok(()),
        (Some(armed), Some(ran)) => Err(format!(
            "{:?} ran {:#} after {:?} had started, which is more than {:#}",
            limited.name,
            ran.duration_since(armed),
            limited.armed_by,
            limited.at_most
        )),
        _ => Err(format!("{:?} did not run", limited.name)),
    }
}
