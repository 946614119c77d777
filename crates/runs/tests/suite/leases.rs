use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use jiff::SignedDuration;
use tidemark_runs::{RunState, RunStore, StepOutcome};

use crate::support::{Bench, Log, TestKind, TestStep, body, finish, hangs, until};

#[tokio::test]
async fn a_worker_that_lost_its_lease_drops_its_step_and_writes_nothing() {
    let dropped = Arc::new(AtomicBool::new(false));
    let bench = Bench::new(vec![hangs(&Log::default(), &dropped)]);
    let id = bench.enqueue().await;
    let log = Log::default();
    let other = bench.other(TestKind::new(vec![TestStep::logging("hangs", &log)]));
    let takes_over = async {
        until("the step runs", async || {
            bench.engine.view(id).await.unwrap().state == RunState::Running
        })
        .await;
        let request = |owner: &str| tidemark_runs::ClaimRequest {
            owner: owner.to_owned(),
            now: tidemark_runs::Clock::now(&bench.clock) + SignedDuration::from_mins(2),
            until: tidemark_runs::Clock::now(&bench.clock) + SignedDuration::from_mins(3),
            limit: 1,
            kinds: vec!["test".to_owned()],
            per_creator: None,
            per_account: None,
        };
        // A worker whose clock is ahead takes the run.
        let stolen = bench.store.claim(&request("thief")).await.unwrap();
        assert_eq!(stolen.len(), 1);
        bench.clock.advance(SignedDuration::from_secs(10));
        stolen
    };
    let (idle, stolen) = tokio::join!(bench.engine.run_until_idle(), takes_over);
    idle.unwrap();
    assert!(dropped.load(Ordering::SeqCst));
    let events = bench.store.events_after(id, 0, 100).await.unwrap();
    assert_eq!(events, stolen[0].events);
    // The run goes on elsewhere once the thief is gone, too.
    bench.store.release(&stolen[0].lease_key()).await.unwrap();
    let view = finish(&other, &bench.clock, id).await;
    assert_eq!(view.state, RunState::Succeeded);
    assert_eq!(view.step("hangs").unwrap().work.attempts, 2);
    assert_eq!(log.entries(), ["hangs"]);
}

#[tokio::test]
async fn the_run_of_a_dead_worker_goes_on_when_its_lease_has_expired() {
    let dropped = Arc::new(AtomicBool::new(false));
    let bench = Bench::new(vec![hangs(&Log::default(), &dropped)]);
    let id = bench.enqueue().await;
    tokio::select! {
        _ = bench.engine.run_until_idle() => {}
        () = until("the step runs", async || {
            bench.engine.view(id).await.unwrap().state == RunState::Running
        }) => {}
    }
    let log = Log::default();
    let other = bench.other(TestKind::new(vec![TestStep::logging("hangs", &log)]));
    bench.clock.advance(SignedDuration::from_secs(29));
    other.run_until_idle().await.unwrap();
    assert_eq!(log.len(), 0, "the lease is still good");
    bench.clock.advance(SignedDuration::from_secs(1));
    other.run_until_idle().await.unwrap();
    assert_eq!(log.entries(), ["hangs"]);
    let view = other.view(id).await.unwrap();
    assert_eq!(view.state, RunState::Succeeded);
}

#[tokio::test]
async fn a_step_that_takes_longer_than_a_lease_keeps_it() {
    let bench = Bench::new(vec![TestStep::new(
        "long",
        body(|ctx| {
            Box::pin(async {
                let end = ctx.now() + SignedDuration::from_mins(5);
                ctx.clock().sleep_until(end).await;
                Ok(StepOutcome::done())
            })
        }),
    )]);
    let id = bench.enqueue().await;
    let time = async {
        until("the step runs", async || {
            bench.engine.view(id).await.unwrap().state == RunState::Running
        })
        .await;
        for _ in 0..60 {
            let before = bench.engine.run(id).await.unwrap().lease;
            bench.clock.advance(SignedDuration::from_secs(10));
            until("the lease is prolonged", async || {
                let run = bench.engine.run(id).await.unwrap();
                run.head.state.is_terminal() || run.lease != before
            })
            .await;
        }
    };
    let (idle, ()) = tokio::join!(bench.engine.run_until_idle(), time);
    idle.unwrap();
    let view = bench.engine.view(id).await.unwrap();
    assert_eq!(view.state, RunState::Succeeded);
    assert_eq!(bench.engine.run(id).await.unwrap().lease_epoch, 1);
}
