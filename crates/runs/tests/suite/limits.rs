//! A pause is never longer than it may be, whatever becomes of what it is for.

use jiff::SignedDuration;
use tidemark_runs::{
    Always, Clock, RetryPolicy, RunEventKind, RunState, RunStore, StepError, StepOutcome, StepState,
};

use crate::support::{Bench, Log, TestStep, says};

const LIMIT: SignedDuration = SignedDuration::from_mins(30);

fn resume(log: &Log) -> TestStep {
    TestStep::logging("resume", log)
        .always(Always::OnceStarted("pause".to_owned()))
        .at_most(LIMIT)
}

fn outage(name: &str) -> TestStep {
    TestStep::new(name, says(|_| Err(StepError::retryable("no answer"))))
}

/// Carries the run to its end and says after how many minutes the writes were resumed.
async fn resumed_after(bench: &Bench) -> (tidemark_runs::RunView, i64) {
    let view = bench.run().await;
    let started = |name: &str| view.step(name).unwrap().work.started_at.unwrap();
    let held_up = started("resume").duration_since(started("pause"));
    (view, held_up.as_mins())
}

#[tokio::test]
async fn what_cannot_come_further_is_given_up_when_the_pause_is_over() {
    let log = Log::default();
    let bench = Bench::new(vec![
        TestStep::logging("pause", &log),
        outage("back-up"),
        resume(&log),
    ]);
    let (view, minutes) = resumed_after(&bench).await;
    assert_eq!(minutes, 30);
    assert_eq!(view.state, RunState::Failed);
    let why = view.error.unwrap().message;
    assert_eq!(
        why,
        "It was not done within the 30 minutes after which \"Resume\" has to run"
    );
    assert_eq!(log.entries(), ["pause", "resume", "undo pause"]);
}

#[tokio::test]
async fn what_is_waited_for_does_not_hold_the_pause_up() {
    let log = Log::default();
    let waits = TestStep::new(
        "wait",
        says(|ctx| {
            let later = ctx.now() + SignedDuration::from_hours(8);
            Ok(StepOutcome::wait(later, "The job runs").into())
        }),
    );
    let bench = Bench::new(vec![TestStep::logging("pause", &log), waits, resume(&log)]);
    let (view, minutes) = resumed_after(&bench).await;
    assert_eq!((view.state, minutes), (RunState::Failed, 30));
}

#[tokio::test]
async fn the_time_counts_from_the_first_try_to_pause() {
    let log = Log::default();
    let bench = Bench::new(vec![
        outage("pause"),
        TestStep::logging("back-up", &log),
        resume(&log),
    ]);
    let (view, minutes) = resumed_after(&bench).await;
    assert_eq!((view.state, minutes), (RunState::Failed, 30));
    // Whether the pause took effect nobody knows.
    assert_eq!(log.entries(), ["resume"]);
}

#[tokio::test]
async fn what_comes_after_the_pause_may_take_as_long_as_it_takes() {
    let log = Log::default();
    let waits = TestStep::new(
        "wait",
        says(|ctx| {
            if ctx.now().duration_since(ctx.began_at()) > SignedDuration::from_hours(5) {
                return Ok(StepOutcome::done());
            }
            let later = ctx.now() + SignedDuration::from_hours(1);
            Ok(StepOutcome::wait(later, "The job runs").into())
        }),
    );
    let bench = Bench::new(vec![TestStep::logging("pause", &log), resume(&log), waits]);
    assert_eq!(bench.run().await.state, RunState::Succeeded);
}

#[tokio::test]
async fn a_worker_that_comes_back_too_late_resumes_first() {
    let log = Log::default();
    let bench = Bench::new(vec![
        TestStep::logging("pause", &log),
        TestStep::new(
            "wait",
            says({
                let log = log.clone();
                move |ctx| {
                    log.add("look");
                    let soon = ctx.now() + SignedDuration::from_mins(1);
                    Ok(StepOutcome::wait(soon, "").into())
                }
            }),
        ),
        resume(&log),
    ]);
    let id = bench.enqueue().await;
    bench.engine.run_until_idle().await.unwrap();
    // The process is down for a night.
    bench.clock.advance(SignedDuration::from_hours(9));
    bench.engine.run_until_idle().await.unwrap();
    assert_eq!(log.entries(), ["pause", "look", "resume", "undo pause"]);
    let view = bench.engine.view(id).await.unwrap();
    assert_eq!(view.step("wait").unwrap().state, StepState::Failed);
}

#[tokio::test]
async fn resuming_itself_is_tried_for_as_long_as_it_takes_with_an_alarm() {
    let log = Log::default();
    let begin = Bench::new(vec![]).clock.now();
    let resume = TestStep::new(
        "resume",
        says({
            let log = log.clone();
            move |ctx| {
                if ctx.now().duration_since(begin) < SignedDuration::from_hours(2) {
                    return Err(StepError::retryable("unreachable"));
                }
                log.add("resume");
                Ok(StepOutcome::done())
            }
        }),
    )
    .always(Always::OnceStarted("pause".to_owned()))
    .at_most(LIMIT)
    .retry(RetryPolicy::STANDARD.alarm_after(SignedDuration::from_secs(15)));
    let bench = Bench::new(vec![TestStep::logging("pause", &log), resume]);
    let id = bench.enqueue().await;
    let view = bench.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded);
    assert_eq!(log.entries(), ["pause", "resume"]);
    let events = bench.store.events_after(id, 0, u32::MAX).await.unwrap();
    let alarms = events
        .iter()
        .filter(|event| matches!(event.kind, RunEventKind::AlarmRaised { .. }));
    assert_eq!(alarms.count(), 1);
}

#[tokio::test]
async fn only_a_step_that_was_refused_at_once_had_no_effect() {
    for (error, refused) in [
        (StepError::conflict("somebody else has paused it"), true),
        (StepError::permanent("broken"), false),
    ] {
        let log = Log::default();
        let resume = TestStep::new(
            "resume",
            says({
                let log = log.clone();
                move |ctx| {
                    log.add(&ctx.was_in_conflict("pause").to_string());
                    Ok(StepOutcome::done())
                }
            }),
        )
        .always(Always::OnceStarted("pause".to_owned()));
        let pause = TestStep::new("pause", says(move |_| Err(error.clone())));
        Bench::new(vec![pause, resume]).run().await;
        assert_eq!(log.entries(), [refused.to_string()]);
    }
}
