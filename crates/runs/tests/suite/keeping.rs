//! What is finished is kept, what is missing is said, and what may pass is waited for.

use jiff::SignedDuration;
use tidemark_runs::{Clock, RunState, StepError, StepErrorKind, StepOutcome};

use crate::support::{Bench, Log, TestStep, says};

fn fails(name: &str, kind: StepErrorKind) -> TestStep {
    TestStep::new(name, says(move |_| Err(StepError::new(kind, "refused"))))
}

#[tokio::test]
async fn a_step_that_only_warns_leaves_everything_and_is_named() {
    let log = Log::default();
    let bench = Bench::new(vec![
        TestStep::logging("create", &log),
        fails("put-back", StepErrorKind::Denied).warns(),
        TestStep::logging("refresh", &log),
    ]);
    let view = bench.run().await;
    assert_eq!(view.state, RunState::SucceededWithWarnings);
    assert_eq!(log.entries(), ["create", "refresh"]);
    let missing: Vec<&str> = view.warnings().map(|step| step.name.as_str()).collect();
    assert_eq!(missing, ["put-back"]);
    assert!(view.error.is_none());
}

#[tokio::test]
async fn what_came_before_a_finished_step_is_not_undone_when_a_later_one_fails() {
    let log = Log::default();
    let bench = Bench::new(vec![
        TestStep::logging("create", &log),
        TestStep::logging("wait", &log).seals(),
        TestStep::logging("settings", &log),
        fails("last", StepErrorKind::Permanent),
    ]);
    let view = bench.run().await;
    assert_eq!(view.state, RunState::Failed);
    assert_eq!(
        log.entries(),
        ["create", "wait", "settings", "undo settings"]
    );
}

#[tokio::test]
async fn a_cancel_keeps_what_is_finished() {
    let log = Log::default();
    let waits = TestStep::new(
        "settings",
        says(|ctx| Ok(StepOutcome::wait(ctx.now() + SignedDuration::from_hours(1), "busy").into())),
    );
    let bench = Bench::new(vec![
        TestStep::logging("create", &log),
        TestStep::logging("wait", &log).seals(),
        waits,
    ]);
    let id = bench.enqueue().await;
    bench.engine.run_until_idle().await.unwrap();
    bench.engine.cancel(id, "ben", "enough").await.unwrap();
    let view = bench.finish(id).await;
    assert_eq!(view.state, RunState::Cancelled);
    assert_eq!(log.entries(), ["create", "wait"]);
}

/// A step that begins at once and cannot be looked at for some time.
fn unseen_for(time: SignedDuration, kind: StepErrorKind, log: &Log) -> TestStep {
    let log = log.clone();
    TestStep::new(
        "wait",
        says(move |ctx| {
            log.add("look");
            let failing = ctx.now().duration_since(ctx.created_at());
            if ctx.attempt() == 1 && ctx.memo::<u32>()?.is_none() {
                let wait = StepOutcome::wait(ctx.now(), "under way").memo(1);
                return Ok(wait.into());
            }
            if failing < time {
                return Err(StepError::new(kind, "no answer"));
            }
            Ok(StepOutcome::done())
        }),
    )
}

#[tokio::test]
async fn what_cannot_be_looked_at_for_a_month_goes_on_by_itself() {
    for kind in [StepErrorKind::Retryable, StepErrorKind::Denied] {
        let (log, looks) = (Log::default(), Log::default());
        let month = SignedDuration::from_hours(30 * 24);
        let bench = Bench::new(vec![
            TestStep::logging("create", &log),
            unseen_for(month, kind, &looks),
        ]);
        let view = bench.run().await;
        assert_eq!(view.state, RunState::Succeeded, "{kind:?}");
        assert_eq!(log.entries(), ["create"], "{kind:?}");
        assert!(looks.len() > 700, "{kind:?}: {}", looks.len());
        assert!(view.seq < 50, "{kind:?}: {} events", view.seq);
    }
}

#[tokio::test]
async fn a_run_says_since_when_it_cannot_go_on_and_raises_an_alarm_in_time() {
    let looks = Log::default();
    let week = SignedDuration::from_hours(7 * 24);
    let bench = Bench::new(vec![unseen_for(week, StepErrorKind::Retryable, &looks)]);
    let id = bench.enqueue().await;
    let begin = bench.clock.now();
    let mut alarmed = None;
    while alarmed.is_none() && bench.clock.now().duration_since(begin) < week {
        let due = bench.engine.run_until_idle().await.unwrap().unwrap();
        let run = bench.engine.run(id).await.unwrap();
        if looks.len() > 1 {
            assert!(
                run.head.progress.message.starts_with("Cannot go on since "),
                "{}",
                run.head.progress.message
            );
            assert!(run.head.progress.message.contains("no answer"));
        }
        alarmed = run.head.alarm;
        bench.clock.advance_to(due);
    }
    let after = bench.clock.now().duration_since(begin);
    assert!(
        (15..25).contains(&after.as_mins()),
        "the alarm came after {after:#}"
    );
    assert_eq!(alarmed.unwrap().message, "no answer");
    let view = bench.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded);
    assert!(bench.engine.run(id).await.unwrap().head.alarm.is_none());
}

#[tokio::test]
async fn a_look_that_finds_nothing_new_in_thirty_days_writes_nothing() {
    let looks = Log::default();
    let log = looks.clone();
    let waits = TestStep::new(
        "wait",
        says(move |ctx| {
            log.add("look");
            let waited = ctx.now().duration_since(ctx.began_at());
            if waited >= SignedDuration::from_hours(30 * 24) {
                return Ok(StepOutcome::done());
            }
            Ok(StepOutcome::wait(ctx.now() + SignedDuration::from_mins(5), "under way").into())
        }),
    );
    let bench = Bench::new(vec![waits]);
    let id = bench.enqueue().await;
    let begin = bench.clock.now();
    // What a claim and a page read, by day.
    let mut log = vec![];
    while let Some(due) = bench.engine.run_until_idle().await.unwrap() {
        let run = bench.engine.run(id).await.unwrap();
        let day = bench.clock.now().duration_since(begin).as_hours() / 24;
        if !run.head.state.is_terminal() && usize::try_from(day).unwrap() == log.len() {
            log.push(run.seq);
        }
        bench.clock.advance_to(due);
    }
    assert_eq!(
        bench.engine.run(id).await.unwrap().head.state,
        RunState::Succeeded
    );
    assert_eq!(looks.len(), 30 * 24 * 12 + 1);
    assert_eq!(log.len(), 30);
    assert!(log.iter().all(|events| *events == log[0]), "{log:?}");
    assert!(log[0] < 10, "{} events", log[0]);
}
