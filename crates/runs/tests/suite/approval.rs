use tidemark_runs::{EngineError, RunState};

use crate::support::{Bench, Log, TestStep, request};

fn bench(log: &Log) -> Bench {
    Bench::new(vec![TestStep::logging("one", log)])
}

async fn waiting(bench: &Bench) -> tidemark_runs::RunId {
    let mut request = request();
    request.needs_approval = true;
    let run = bench.engine.enqueue(request).await.unwrap().run;
    assert_eq!(run.head.state, RunState::AwaitingApproval);
    assert_eq!(bench.engine.run_until_idle().await.unwrap(), None);
    run.id
}

#[tokio::test]
async fn a_run_that_waits_for_an_approval_begins_once_it_is_approved() {
    let log = Log::default();
    let bench = bench(&log);
    let id = waiting(&bench).await;
    assert_eq!(log.len(), 0);
    let run = bench.engine.approve(id, "ben").await.unwrap();
    assert_eq!(run.head.state, RunState::Queued);
    let view = bench.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded);
    assert_eq!(view.approved_by.as_deref(), Some("ben"));
    let twice = bench.engine.approve(id, "ben").await.unwrap_err();
    assert!(matches!(
        twice,
        EngineError::WrongState {
            state: RunState::Succeeded,
            ..
        }
    ));
}

#[tokio::test]
async fn a_refused_run_ends_without_having_begun() {
    let log = Log::default();
    let bench = bench(&log);
    let id = waiting(&bench).await;
    let run = bench
        .engine
        .reject(id, "ben", "not on a Friday")
        .await
        .unwrap();
    assert_eq!(run.head.state, RunState::Cancelled);
    assert!(bench.engine.approve(id, "eve").await.is_err());
    bench.engine.run_until_idle().await.unwrap();
    assert_eq!(log.len(), 0);
    let view = bench.engine.view(id).await.unwrap();
    assert_eq!(view.rejected_by.as_deref(), Some("ben"));
}

#[tokio::test]
async fn a_run_that_waits_for_an_approval_can_be_cancelled() {
    let log = Log::default();
    let bench = bench(&log);
    let id = waiting(&bench).await;
    bench.engine.cancel(id, "ana", "").await.unwrap();
    assert!(bench.engine.approve(id, "ben").await.is_err());
    bench.engine.run_until_idle().await.unwrap();
    let view = bench.engine.view(id).await.unwrap();
    assert_eq!(view.state, RunState::Cancelled);
    assert_eq!(log.len(), 0);
}
