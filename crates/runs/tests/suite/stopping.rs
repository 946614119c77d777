use jiff::SignedDuration;
use tidemark_runs::{Always, EngineError, RunId, RunState, StepError, StepOutcome};

use crate::support::{Bench, Log, TestStep, body, request, says};

#[tokio::test]
async fn a_sleeping_run_that_is_cancelled_stops_at_once_and_is_undone() {
    let log = Log::default();
    let bench = Bench::new(vec![
        TestStep::logging("one", &log),
        TestStep::new(
            "job",
            says(|ctx| {
                let until = ctx.now() + SignedDuration::from_hours(9);
                Ok(StepOutcome::wait(until, "").memo("job-1").into())
            }),
        )
        .undo(says({
            let log = log.clone();
            move |ctx| {
                let job: Option<String> = ctx.work_memo()?;
                assert_eq!(ctx.memo::<String>()?, None);
                assert!(!ctx.is_cancelled());
                log.add(&format!("stop {}", job.unwrap()));
                Ok(StepOutcome::done())
            }
        })),
        TestStep::logging("resume", &log).always(Always::Yes),
    ]);
    let id = bench.enqueue().await;
    bench.engine.run_until_idle().await.unwrap();
    bench.engine.cancel(id, "ben", "wrong table").await.unwrap();
    bench.engine.run_until_idle().await.unwrap();
    let view = bench.engine.view(id).await.unwrap();
    assert_eq!(view.state, RunState::Cancelled);
    assert_eq!(view.error, None);
    assert_eq!(view.cancel.unwrap().reason, "wrong table");
    assert_eq!(log.entries(), ["one", "resume", "stop job-1", "undo one"]);
}

#[tokio::test]
async fn an_undo_that_is_taken_up_again_still_knows_what_its_step_left() {
    let log = Log::default();
    let bench = Bench::new(vec![
        TestStep::new("job", says(|_| StepOutcome::done_with("job-1"))).undo(says({
            let log = log.clone();
            move |ctx| {
                let job: Option<String> = ctx.find_output("job")?;
                log.add(&format!("stop {}", job.as_deref().unwrap_or("nothing")));
                if log.len() == 1 {
                    return Err(StepError::retryable("no answer"));
                }
                Ok(StepOutcome::done())
            }
        })),
        TestStep::new("last", says(|_| Err(StepError::permanent("not today")))),
    ]);
    let view = bench.run().await;
    assert_eq!(view.state, RunState::Failed);
    assert_eq!(log.entries(), ["stop job-1", "stop job-1"]);
}

#[tokio::test]
async fn a_long_step_hears_of_a_cancel_and_may_stop_early() {
    let log = Log::default();
    let bench = Bench::new(vec![
        TestStep::logging("one", &log),
        TestStep::new(
            "long",
            body(|ctx| {
                Box::pin(async {
                    ctx.cancelled().await;
                    ctx.check_cancelled()?;
                    Ok(StepOutcome::done())
                })
            }),
        ),
    ]);
    let id = bench.enqueue().await;
    let cancels = async {
        crate::support::until("the long step runs", async || {
            let view = bench.engine.view(id).await.unwrap();
            view.step("long").unwrap().work.running
        })
        .await;
        bench.engine.cancel(id, "ben", "").await.unwrap();
    };
    let (idle, ()) = tokio::join!(bench.engine.run_until_idle(), cancels);
    idle.unwrap();
    let view = bench.engine.view(id).await.unwrap();
    assert_eq!(view.state, RunState::Cancelled);
    assert_eq!(view.error, None);
    assert_eq!(log.entries(), ["one", "undo one"]);
}

#[tokio::test]
async fn a_cancel_asked_for_in_another_process_reaches_the_step_with_the_next_renewal() {
    let bench = Bench::new(vec![TestStep::new(
        "long",
        body(|ctx| {
            Box::pin(async {
                ctx.cancelled().await;
                Err(StepError::cancelled())
            })
        }),
    )]);
    let elsewhere = bench.other(crate::support::TestKind::new(vec![]));
    let id = bench.enqueue().await;
    let cancels = async {
        crate::support::until("the step runs", async || {
            bench.engine.view(id).await.unwrap().state == RunState::Running
        })
        .await;
        elsewhere.cancel(id, "ben", "").await.unwrap();
        bench.clock.advance(SignedDuration::from_secs(10));
    };
    let (idle, ()) = tokio::join!(bench.engine.run_until_idle(), cancels);
    idle.unwrap();
    let view = bench.engine.view(id).await.unwrap();
    assert_eq!(view.state, RunState::Cancelled);
}

#[tokio::test]
async fn cancelling_what_has_ended_changes_nothing_and_what_is_unknown_is_an_error() {
    let bench = Bench::new(vec![TestStep::new("a", says(|_| Ok(StepOutcome::done())))]);
    let id = bench.enqueue().await;
    let before = bench.finish(id).await;
    let run = bench.engine.cancel(id, "ben", "").await.unwrap();
    assert_eq!(run.head.state, RunState::Succeeded);
    bench.engine.run_until_idle().await.unwrap();
    assert_eq!(bench.engine.view(id).await.unwrap(), before);
    let unknown = RunId::new(jiff::Timestamp::UNIX_EPOCH);
    let error = bench.engine.cancel(unknown, "ben", "").await.unwrap_err();
    assert!(matches!(error, EngineError::NotFound(id) if id == unknown));
}

#[tokio::test]
async fn a_failed_run_can_be_tried_again_once_as_a_new_run() {
    let log = Log::default();
    let bench = Bench::new(vec![TestStep::new("a", {
        let log = log.clone();
        says(move |_| {
            log.add("called");
            if log.len() == 1 {
                return Err(StepError::permanent("not today"));
            }
            Ok(StepOutcome::done())
        })
    })]);
    let first = bench.engine.enqueue(request()).await.unwrap().run;
    let early = bench.engine.retry(first.id, "ana", "again").await;
    assert!(matches!(early, Err(EngineError::WrongState { .. })));
    bench.finish(first.id).await;
    let second = bench.engine.retry(first.id, "ana", "again").await.unwrap();
    let pressed_twice = bench.engine.retry(first.id, "ana", "again").await.unwrap();
    assert_eq!(second.run.id, pressed_twice.run.id);
    assert!(pressed_twice.existing);
    assert_eq!(second.run.params, first.params);
    let view = bench.finish(second.run.id).await;
    assert_eq!(view.state, RunState::Succeeded);
}

#[tokio::test]
async fn a_step_that_wants_to_wait_when_a_cancel_came_meanwhile_is_undone_at_once() {
    let log = Log::default();
    let bench = Bench::new(vec![
        TestStep::new(
            "job",
            body(|ctx| {
                Box::pin(async {
                    ctx.cancelled().await;
                    let until = ctx.now() + SignedDuration::from_hours(9);
                    Ok(StepOutcome::wait(until, "").memo("job-1").into())
                })
            }),
        )
        .undo(says({
            let log = log.clone();
            move |ctx| {
                let job: Option<String> = ctx.work_memo()?;
                log.add(&format!("stop {}", job.unwrap()));
                Ok(StepOutcome::done())
            }
        })),
    ]);
    let id = bench.enqueue().await;
    let cancels = async {
        crate::support::until("the step runs", async || {
            bench.engine.view(id).await.unwrap().state == RunState::Running
        })
        .await;
        bench.engine.cancel(id, "ben", "").await.unwrap();
    };
    let (idle, ()) = tokio::join!(bench.engine.run_until_idle(), cancels);
    assert_eq!(idle.unwrap(), None);
    let view = bench.engine.view(id).await.unwrap();
    assert_eq!(view.state, RunState::Cancelled);
    assert_eq!(log.entries(), ["stop job-1"]);
}
