use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use jiff::SignedDuration;
use tidemark_runs::{
    Engine, EngineConfig, MemoryRunStore, RunFilter, RunKinds, RunState, RunStore, StepOutcome,
    SystemClock,
};
use tokio_util::sync::CancellationToken;

use crate::support::{Log, TestKind, TestStep, body, request, until};

fn patient() -> EngineConfig {
    EngineConfig {
        // Whatever happens soon does not happen because of polling.
        poll_interval: SignedDuration::from_hours(1),
        ..EngineConfig::default()
    }
}

fn engine(store: &Arc<MemoryRunStore>, steps: Vec<TestStep>, config: EngineConfig) -> Engine {
    Engine::new(
        Arc::clone(store) as Arc<dyn RunStore>,
        RunKinds::new().with(TestKind::new(steps)),
        Arc::new(SystemClock),
        config,
    )
}

async fn ended(store: &MemoryRunStore, state: RunState, runs: u64) {
    until("all runs have ended", async || {
        let counts = store.counts(&RunFilter::default()).await.unwrap();
        counts.of(state) == runs
    })
    .await;
}

#[tokio::test]
async fn a_worker_takes_a_run_as_soon_as_it_is_asked_for_and_tells_subscribers() {
    let store = Arc::new(MemoryRunStore::new());
    let log = Log::default();
    let engine = engine(&store, vec![TestStep::logging("one", &log)], patient());
    let shutdown = CancellationToken::new();
    let worker = tokio::spawn(engine.worker().run(shutdown.clone()));
    let mut notices = engine.subscribe();
    for _ in 0..3 {
        let id = engine.enqueue(request()).await.unwrap().run.id;
        let mut seq = 0;
        loop {
            let notice = notices.recv().await.unwrap();
            assert_eq!(notice.run, id);
            for event in notice.events.iter() {
                seq += 1;
                assert_eq!(event.seq, seq);
            }
            if notice.head.state.is_terminal() {
                break;
            }
        }
    }
    shutdown.cancel();
    worker.await.unwrap();
    assert_eq!(log.len(), 3);
}

#[tokio::test]
async fn a_worker_wakes_for_a_sleeping_run_without_polling() {
    let store = Arc::new(MemoryRunStore::new());
    let step = TestStep::new(
        "wait",
        body(|ctx| {
            let until = ctx.now() + SignedDuration::from_millis(150);
            Box::pin(async move { Ok(StepOutcome::wait(until, "").into()) })
        }),
    )
    .poll(body(|_| Box::pin(async { Ok(StepOutcome::done()) })));
    let engine = engine(&store, vec![step], patient());
    let shutdown = CancellationToken::new();
    let worker = tokio::spawn(engine.worker().run(shutdown.clone()));
    engine.enqueue(request()).await.unwrap();
    ended(&store, RunState::Succeeded, 1).await;
    shutdown.cancel();
    worker.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_of_several_processes_share_runs_and_none_is_carried_out_twice() {
    const RUNS: u64 = 300;
    let store = Arc::new(MemoryRunStore::new());
    let log = Log::default();
    let step = || {
        let log = log.clone();
        TestStep::new(
            "once",
            body(move |ctx| {
                log.add(&ctx.run_id().to_string());
                Box::pin(async {
                    tokio::task::yield_now().await;
                    Ok(StepOutcome::done())
                })
            }),
        )
    };
    let config = EngineConfig {
        max_concurrent_runs: 8,
        per_creator: None,
        poll_interval: SignedDuration::from_millis(20),
        ..EngineConfig::default()
    };
    let engines: Vec<_> = (0..4)
        .map(|_| engine(&store, vec![step()], config.clone()))
        .collect();
    for _ in 0..RUNS {
        engines[0].enqueue(request()).await.unwrap();
    }
    let shutdown = CancellationToken::new();
    let workers: Vec<_> = engines
        .iter()
        .map(|engine| tokio::spawn(engine.worker().run(shutdown.clone())))
        .collect();
    ended(&store, RunState::Succeeded, RUNS).await;
    shutdown.cancel();
    for worker in workers {
        worker.await.unwrap();
    }
    let mut calls = BTreeMap::new();
    for id in log.entries() {
        *calls.entry(id).or_insert(0) += 1;
    }
    assert_eq!(calls.len(), 300);
    assert!(calls.values().all(|calls| *calls == 1));
}

/// A step that counts how many of it run at once.
fn counting(now: &Arc<AtomicUsize>, most: &Arc<AtomicUsize>) -> TestStep {
    let (now, most) = (Arc::clone(now), Arc::clone(most));
    TestStep::new(
        "count",
        body(move |_| {
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            Box::pin(async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                for _ in 0..20 {
                    tokio::task::yield_now().await;
                }
                now.fetch_sub(1, Ordering::SeqCst);
                Ok(StepOutcome::done())
            })
        }),
    )
}

async fn most_at_once(config: EngineConfig, creators: &[&str]) -> usize {
    let store = Arc::new(MemoryRunStore::new());
    let (now, most) = (Arc::default(), Arc::default());
    let engine = engine(&store, vec![counting(&now, &most)], config);
    for n in 0..40 {
        let mut request = request();
        creators[n % creators.len()].clone_into(&mut request.creator);
        engine.enqueue(request).await.unwrap();
    }
    let shutdown = CancellationToken::new();
    let worker = tokio::spawn(engine.worker().run(shutdown.clone()));
    ended(&store, RunState::Succeeded, 40).await;
    shutdown.cancel();
    worker.await.unwrap();
    most.load(Ordering::SeqCst)
}

#[tokio::test]
async fn a_worker_carries_out_several_runs_at_once_up_to_its_limit() {
    let config = EngineConfig {
        max_concurrent_runs: 5,
        ..patient()
    };
    assert_eq!(most_at_once(config, &["ana"]).await, 5);
}

#[tokio::test]
async fn a_creator_at_the_cap_waits_while_others_go_on() {
    let config = EngineConfig {
        per_creator: Some(3),
        ..patient()
    };
    assert_eq!(most_at_once(config.clone(), &["ana"]).await, 3);
    assert_eq!(most_at_once(config, &["ana", "ben"]).await, 6);
}

#[tokio::test]
async fn a_worker_that_is_asked_to_stop_ends_its_step_and_gives_the_run_back() {
    let store = Arc::new(MemoryRunStore::new());
    let log = Log::default();
    let gate = Arc::new(tokio::sync::Notify::new());
    let opened = Arc::clone(&gate);
    let slow = TestStep::new(
        "slow",
        body(move |_| {
            let gate = Arc::clone(&opened);
            Box::pin(async move {
                gate.notified().await;
                Ok(StepOutcome::done())
            })
        }),
    );
    let steps = vec![slow, TestStep::logging("two", &log)];
    let first = engine(&store, steps.clone(), patient());
    let id = first.enqueue(request()).await.unwrap().run.id;
    let shutdown = CancellationToken::new();
    let worker = tokio::spawn(first.worker().run(shutdown.clone()));
    until("the step runs", async || {
        first.run(id).await.unwrap().head.state == RunState::Running
    })
    .await;
    shutdown.cancel();
    tokio::task::yield_now().await;
    gate.notify_one();
    worker.await.unwrap();
    let run = first.run(id).await.unwrap();
    assert_eq!((run.head.state, run.lease), (RunState::Running, None));
    assert_eq!(log.len(), 0);
    let second = engine(&store, steps, patient());
    second.run_until_idle().await.unwrap();
    let view = second.view(id).await.unwrap();
    assert_eq!(view.state, RunState::Succeeded);
    assert_eq!(view.step("slow").unwrap().work.attempts, 1);
    assert_eq!(log.len(), 1);
}

#[tokio::test]
async fn a_step_that_outlasts_the_grace_is_dropped_and_its_run_given_back() {
    let store = Arc::new(MemoryRunStore::new());
    let hangs = TestStep::new("hangs", body(|_| Box::pin(futures::future::pending())));
    let config = EngineConfig {
        shutdown_grace: SignedDuration::from_millis(20),
        ..patient()
    };
    let engine = engine(&store, vec![hangs], config);
    let id = engine.enqueue(request()).await.unwrap().run.id;
    let shutdown = CancellationToken::new();
    let worker = tokio::spawn(engine.worker().run(shutdown.clone()));
    until("the step runs", async || {
        engine.run(id).await.unwrap().head.state == RunState::Running
    })
    .await;
    shutdown.cancel();
    worker.await.unwrap();
    assert_eq!(engine.run(id).await.unwrap().lease, None);
}
