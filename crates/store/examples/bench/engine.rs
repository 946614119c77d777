//! The run engine: steps per second, and how soon sleeping runs go on after a start.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tidemark_runs::{
    Engine, EngineConfig, RunFilter, RunKinds, RunRequest, RunState, RunStore, SystemClock,
};
use tokio_util::sync::CancellationToken;

use crate::{
    Failure,
    report::Report,
    steps::{Idle, STEPS, Sleeper},
    target::{Database, Target},
};

const RUNS: u32 = 600;
const SLEEPING: u64 = 10_000;
const WORKERS: usize = 4;
/// Longer than any budget, so that a stuck engine ends the benchmark.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) async fn measure(target: Target, report: &Report) -> Result<(), Failure> {
    let database = target.create().await?;
    steps(&database, target, report).await?;
    database.drop_it().await?;
    let database = target.create().await?;
    resume(&database, target, report).await?;
    database.drop_it().await
}

fn engine(store: Arc<dyn RunStore>) -> Engine {
    let mut kinds = RunKinds::default();
    kinds.add(Arc::new(Idle));
    kinds.add(Arc::new(Sleeper));
    let config = EngineConfig {
        per_creator: None,
        per_account: None,
        ..EngineConfig::default()
    };
    Engine::new(store, kinds, Arc::new(SystemClock), config)
}

/// Workers with connections of their own, as processes have them. SQLite has one process.
async fn start(
    database: &Database,
    target: Target,
    shutdown: &CancellationToken,
) -> Result<Vec<tokio::task::JoinHandle<()>>, Failure> {
    let mut workers = Vec::new();
    for _ in 0..WORKERS {
        let store = match target {
            Target::Sqlite => database.store.clone(),
            Target::Postgres => database.open_again().await?,
        };
        let worker = engine(store.runs()).worker();
        workers.push(tokio::spawn(worker.run(shutdown.clone())));
    }
    Ok(workers)
}

async fn steps(database: &Database, target: Target, report: &Report) -> Result<(), Failure> {
    let asking = engine(database.store.runs());
    for n in 0..RUNS {
        let request = RunRequest::new("idle", json!({"n": n}), "bench");
        asking.enqueue(request).await?;
    }
    let shutdown = CancellationToken::new();
    let begin = Instant::now();
    let workers = start(database, target, &shutdown).await?;
    until(begin, async || {
        let counts = database.store.runs().counts(&RunFilter::default()).await?;
        Ok(counts.of(RunState::Succeeded) == u64::from(RUNS))
    })
    .await?;
    let rate = f64::from(RUNS) * STEPS as f64 / begin.elapsed().as_secs_f64();
    shutdown.cancel();
    for worker in workers {
        worker.await?;
    }
    let budget = match target {
        Target::Sqlite => 2000,
        Target::Postgres => 5000,
    };
    report.at_least(
        &format!("Run engine, {WORKERS} workers, {}", target.name()),
        Some(budget),
        "steps/s",
        rate,
    );
    Ok(())
}

/// Every sleeping run is due when the worker starts, and sleeps again once it was looked after.
async fn resume(database: &Database, target: Target, report: &Report) -> Result<(), Failure> {
    let store = database.store.runs();
    put_to_sleep(&engine(Arc::clone(&store)), SLEEPING).await?;
    let shutdown = CancellationToken::new();
    let begin = Instant::now();
    let started = Timestamp::now();
    let worker = engine(Arc::clone(&store)).worker();
    let worker = tokio::spawn(worker.run(shutdown.clone()));
    until(begin, async || {
        let kinds = ["sleeper".to_owned()];
        let due = store.next_due(&kinds).await?;
        Ok(due.is_some_and(|due| due > started + SignedDuration::from_mins(30)))
    })
    .await?;
    let took = begin.elapsed();
    shutdown.cancel();
    worker.await?;
    report.at_most(
        &format!(
            "Resume of 10,000 sleeping runs after a start, {}",
            target.name()
        ),
        2000,
        took,
    );
    Ok(())
}

/// Runs that began to sleep earlier and are due now.
async fn put_to_sleep(engine: &Engine, runs: u64) -> Result<(), Failure> {
    use tidemark_runs::{
        Append, ClaimRequest, Fence, Hold, Progress, RunEvent, RunEventKind, RunView, SleepReason,
    };
    for n in 0..runs {
        let request = RunRequest::new("sleeper", json!({"n": n}), "bench");
        engine.enqueue(request).await?;
    }
    let store = engine.store();
    let now = Timestamp::now();
    let request = ClaimRequest {
        owner: "bench".to_owned(),
        now,
        until: now + SignedDuration::from_mins(1),
        limit: u32::try_from(runs)?,
        kinds: vec!["sleeper".to_owned()],
        per_creator: None,
        per_account: None,
    };
    for claim in store.claim(&request).await? {
        let mut view = RunView::fold(&claim.events);
        let kinds = [
            RunEventKind::StepStarted {
                step: "sleep".to_owned(),
                attempt: 1,
            },
            RunEventKind::Sleeping {
                step: "sleep".to_owned(),
                until: now,
                reason: SleepReason::Wait,
                progress: Progress::default(),
                memo: None,
            },
        ];
        let events: Vec<RunEvent> = (claim.run.seq + 1..)
            .zip(kinds)
            .map(|(seq, kind)| RunEvent { seq, at: now, kind })
            .collect();
        for event in &events {
            view.apply(event);
        }
        let append = Append {
            run: claim.run.id,
            fence: Fence::Lease(claim.lease_key()),
            expected_seq: claim.run.seq,
            events,
            head: view.head(now),
            hold: Hold::Release,
        };
        store.append(append).await?;
    }
    Ok(())
}

async fn until(
    begin: Instant,
    mut reached: impl AsyncFnMut() -> Result<bool, Failure>,
) -> Result<(), Failure> {
    while !reached().await? {
        if begin.elapsed() > PATIENCE {
            return Err("the engine did not finish in time".into());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}
