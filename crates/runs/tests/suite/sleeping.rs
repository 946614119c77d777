use jiff::SignedDuration;
use serde_json::json;
use tidemark_runs::{
    Clock, EngineConfig, RunCounts, RunFilter, RunState, RunStore, StepError, StepOutcome,
};

use crate::support::{Bench, Log, TestKind, TestStep, request, says};

fn waits(log: &Log, polls: usize) -> TestStep {
    let log = log.clone();
    TestStep::new(
        "wait",
        says(|ctx| {
            let until = ctx.now() + SignedDuration::from_secs(100);
            Ok(StepOutcome::wait(until, "The job runs")
                .memo("job-1")
                .into())
        }),
    )
    .poll(says(move |ctx| {
        let job: Option<String> = ctx.memo()?;
        log.add(&job.unwrap());
        if log.len() < polls {
            let until = ctx.now() + SignedDuration::from_secs(100);
            return Ok(StepOutcome::wait(until, "The job runs")
                .memo("job-1")
                .into());
        }
        Ok(StepOutcome::done())
    }))
}

#[tokio::test]
async fn a_waiting_run_sleeps_without_a_lease_and_goes_on_with_what_it_remembers() {
    let log = Log::default();
    let bench = Bench::new(vec![waits(&log, 1)]);
    let id = bench.enqueue().await;
    let due = bench.engine.run_until_idle().await.unwrap();
    assert_eq!(
        due,
        Some(bench.clock.now() + SignedDuration::from_secs(100))
    );
    let run = bench.engine.run(id).await.unwrap();
    assert_eq!(run.head.state, RunState::Sleeping);
    assert_eq!(run.lease, None);
    assert_eq!(run.head.progress.message, "The job runs");
    // Nothing happens before the time has come.
    bench.clock.advance(SignedDuration::from_secs(99));
    bench.engine.run_until_idle().await.unwrap();
    assert_eq!(log.len(), 0);
    bench.clock.advance(SignedDuration::from_secs(1));
    bench.engine.run_until_idle().await.unwrap();
    assert_eq!(log.entries(), ["job-1"]);
    let view = bench.engine.view(id).await.unwrap();
    assert_eq!(view.state, RunState::Succeeded);
}

#[tokio::test]
async fn polls_that_find_nothing_new_write_no_events() {
    let log = Log::default();
    let bench = Bench::new(vec![waits(&log, 50)]);
    let id = bench.enqueue().await;
    let view = bench.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded);
    assert_eq!(log.len(), 50);
    // Created, begun, asleep, ended, finished.
    assert_eq!(view.seq, 5);
}

#[tokio::test]
async fn a_poll_that_fails_is_a_poll_again() {
    let log = Log::default();
    let begun = log.clone();
    let polled = log.clone();
    let step = TestStep::new(
        "wait",
        says(move |ctx| {
            begun.add("begun");
            Ok(StepOutcome::wait(ctx.now(), "").memo(json!(7)).into())
        }),
    )
    .poll(says(move |ctx| {
        polled.add("polled");
        assert_eq!(ctx.memo::<i64>()?, Some(7));
        if polled.len() < 4 {
            return Err(StepError::retryable("throttled"));
        }
        Ok(StepOutcome::done())
    }));
    let view = Bench::new(vec![step]).run().await;
    assert_eq!(view.state, RunState::Succeeded);
    assert_eq!(log.entries(), ["begun", "polled", "polled", "polled"]);
}

#[tokio::test]
async fn ten_thousand_sleeping_runs_all_go_on_after_a_start() {
    const RUNS: usize = 10_000;
    let kind = |log: &Log| {
        let log = log.clone();
        let step = TestStep::new(
            "wait",
            says(|ctx| {
                let until = ctx.now() + SignedDuration::from_hours(1);
                Ok(StepOutcome::wait(until, "").into())
            }),
        )
        .poll(says(move |_| {
            log.add("polled");
            Ok(StepOutcome::done())
        }));
        TestKind::new(vec![step])
    };
    let config = EngineConfig {
        per_creator: None,
        per_account: None,
        ..EngineConfig::default()
    };
    let log = Log::default();
    let bench = Bench::with(kind(&log), config);
    for _ in 0..RUNS {
        bench.engine.enqueue(request()).await.unwrap();
    }
    bench.engine.run_until_idle().await.unwrap();
    let asleep = |counts: RunCounts| counts.of(RunState::Sleeping);
    let all = RunFilter::default();
    assert_eq!(asleep(bench.store.counts(&all).await.unwrap()), 10_000);
    bench.clock.advance(SignedDuration::from_hours(2));
    let started = std::time::Instant::now();
    let restarted = bench.other(kind(&log));
    assert_eq!(restarted.run_until_idle().await.unwrap(), None);
    println!("{RUNS} sleeping runs went on in {:?}", started.elapsed());
    assert_eq!(log.len(), RUNS);
    let counts = bench.store.counts(&all).await.unwrap();
    assert_eq!(counts.of(RunState::Succeeded), 10_000);
}
