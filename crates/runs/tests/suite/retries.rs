use jiff::SignedDuration;
use tidemark_runs::{
    Clock, EngineConfig, RetryPolicy, RunState, StepError, StepErrorKind, StepOutcome,
};

use crate::support::{Bench, Log, TestKind, TestStep, body, request, says};

fn fails_until(attempt: u32, log: &Log) -> TestStep {
    let log = log.clone();
    TestStep::new(
        "flaky",
        says(move |ctx| {
            log.add(&ctx.attempt().to_string());
            if ctx.attempt() < attempt {
                return Err(StepError::retryable("throttled"));
            }
            Ok(StepOutcome::done())
        }),
    )
}

#[tokio::test]
async fn what_may_pass_is_tried_again_with_growing_pauses() {
    let log = Log::default();
    let bench = Bench::new(vec![fails_until(4, &log)]);
    let begin = bench.clock.now();
    let view = bench.run().await;
    assert_eq!(view.state, RunState::Succeeded);
    assert_eq!(log.entries(), ["1", "2", "3", "4"]);
    // A second at first, each spread by a quarter.
    let took = bench.clock.now().duration_since(begin).as_secs_f64();
    assert!((2.25..=3.75).contains(&took), "{took}");
}

#[tokio::test]
async fn a_step_that_keeps_failing_is_given_up_after_its_attempts() {
    let log = Log::default();
    let step = fails_until(u32::MAX, &log).retry(RetryPolicy {
        max_attempts: Some(3),
        ..RetryPolicy::STANDARD
    });
    let view = Bench::new(vec![step]).run().await;
    assert_eq!(view.state, RunState::Failed);
    assert_eq!(view.error.unwrap().message, "throttled");
    assert_eq!(log.len(), 3);
}

#[tokio::test]
async fn what_will_not_pass_is_not_tried_again() {
    for kind in [
        StepErrorKind::Permanent,
        StepErrorKind::Denied,
        StepErrorKind::Conflict,
        StepErrorKind::Cancelled,
    ] {
        let log = Log::default();
        let step = TestStep::new("a", {
            let log = log.clone();
            says(move |_| {
                log.add("called");
                Err(StepError::new(kind, "no"))
            })
        });
        let view = Bench::new(vec![step]).run().await;
        assert_eq!(view.state, RunState::Failed, "{kind:?}");
        assert_eq!(log.len(), 1, "{kind:?}");
    }
}

#[tokio::test]
async fn a_step_that_does_not_answer_is_dropped_at_its_deadline() {
    let step = TestStep::new("hangs", body(|_| Box::pin(futures::future::pending())))
        .deadline(SignedDuration::from_secs(5))
        .retry(RetryPolicy::NEVER);
    let bench = Bench::new(vec![step]);
    let id = bench.enqueue().await;
    let clock = bench.clock.clone();
    let passes = async {
        // The engine has begun to wait once the step is on record as running.
        crate::support::until("the step runs", async || {
            bench.engine.view(id).await.unwrap().state == RunState::Running
        })
        .await;
        clock.advance(SignedDuration::from_secs(5));
    };
    let (idle, ()) = tokio::join!(bench.engine.run_until_idle(), passes);
    idle.unwrap();
    let view = bench.engine.view(id).await.unwrap();
    assert_eq!(view.state, RunState::Failed);
    assert!(
        view.error
            .unwrap()
            .message
            .contains("did not answer within 5s")
    );
}

#[tokio::test]
async fn a_step_that_brings_its_worker_down_each_time_is_done_at_intervals_and_undoes_nothing() {
    let config = EngineConfig {
        max_interruptions: 3,
        ..EngineConfig::default()
    };
    let log = Log::default();
    let deadly = TestStep::new("deadly", {
        let log = log.clone();
        body(move |_| {
            log.add("begun");
            Box::pin(futures::future::pending())
        })
    });
    let steps = vec![TestStep::logging("one", &log), deadly];
    let bench = Bench::with(TestKind::new(steps), config);
    let id = bench.engine.enqueue(request()).await.unwrap().run.id;
    for n in 1..=3 {
        let dies = async {
            crate::support::until("the step begins", async || {
                log.entries().iter().filter(|e| *e == "begun").count() == n
            })
            .await;
        };
        tokio::select! {
            _ = bench.engine.run_until_idle() => {}
            () = dies => {}
        }
        bench.clock.advance(SignedDuration::from_mins(1));
    }
    // The fourth time it is not begun: it counts as failing, and is begun again after a pause.
    bench.engine.run_until_idle().await.unwrap();
    let view = bench.engine.view(id).await.unwrap();
    assert_eq!(view.state, RunState::Sleeping);
    let (_, error) = view.trouble().unwrap();
    assert!(error.message.contains("worker stopped"), "{error}");
    assert_eq!(log.entries(), ["one", "begun", "begun", "begun"]);
}
