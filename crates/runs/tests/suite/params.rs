use jiff::SignedDuration;
use serde_json::{Value, json};
use tidemark_runs::{EngineConfig, EngineError, RunRequest, RunState, StepOutcome};

use crate::support::{Bench, Log, TestKind, TestStep, finish, request, says};

#[tokio::test]
async fn requests_that_make_no_run_are_refused_before_anything_is_written() {
    let log = Log::default();
    let bench = Bench::new(vec![TestStep::logging("one", &log)]);
    let unknown = RunRequest::new("nothing", json!({}), "ana");
    let refused = RunRequest::new("test", json!({"refuse": 1}), "ana");
    assert!(matches!(
        bench.engine.enqueue(unknown).await,
        Err(EngineError::UnknownKind(_))
    ));
    assert!(matches!(
        bench.engine.enqueue(refused).await,
        Err(EngineError::Params(_))
    ));
    let twins = Bench::new(vec![
        TestStep::logging("one", &log),
        TestStep::logging("one", &log),
    ]);
    assert!(matches!(
        twins.engine.enqueue(request()).await,
        Err(EngineError::Params(_))
    ));
    assert_eq!(bench.engine.run_until_idle().await.unwrap(), None);
}

#[tokio::test]
async fn a_key_gives_one_run_and_is_refused_for_another_request() {
    let log = Log::default();
    let bench = Bench::new(vec![TestStep::logging("one", &log)]);
    let mut keyed = request();
    keyed.idempotency_key = Some("form-1".to_owned());
    let first = bench.engine.enqueue(keyed.clone()).await.unwrap();
    let again = bench.engine.enqueue(keyed.clone()).await.unwrap();
    assert!(!first.existing && again.existing);
    assert_eq!(first.run.id, again.run.id);
    keyed.params = json!({"table": "customers"});
    let other = bench.engine.enqueue(keyed).await.unwrap_err();
    assert!(matches!(other, EngineError::KeyReused(id) if id == first.run.id));
    bench.engine.run_until_idle().await.unwrap();
    assert_eq!(log.len(), 1);
}

#[tokio::test]
async fn a_run_with_a_beginning_waits_for_it() {
    let log = Log::default();
    let bench = Bench::new(vec![TestStep::logging("one", &log)]);
    let later = tidemark_runs::Clock::now(&bench.clock) + SignedDuration::from_hours(3);
    let mut request = request();
    request.not_before = Some(later);
    bench.engine.enqueue(request).await.unwrap();
    assert_eq!(bench.engine.run_until_idle().await.unwrap(), Some(later));
    assert_eq!(log.len(), 0);
    bench.clock.advance_to(later);
    bench.engine.run_until_idle().await.unwrap();
    assert_eq!(log.len(), 1);
}

fn sleeps_first(log: &Log) -> Vec<TestStep> {
    let log = log.clone();
    vec![
        TestStep::new(
            "sleep",
            says(|ctx| {
                let until = ctx.now() + SignedDuration::from_secs(9);
                Ok(StepOutcome::wait(until, "").into())
            }),
        )
        .poll(says(move |ctx| {
            log.add(&ctx.params::<Value>()?.to_string());
            Ok(StepOutcome::done())
        })),
    ]
}

#[tokio::test]
async fn a_run_that_began_before_an_update_goes_on_with_upgraded_parameters() {
    let log = Log::default();
    let bench = Bench::new(sleeps_first(&log));
    let id = bench.enqueue().await;
    bench.engine.run_until_idle().await.unwrap();
    let updated = bench.other(TestKind {
        version: 2,
        ..TestKind::new(sleeps_first(&log))
    });
    let view = finish(&updated, &bench.clock, id).await;
    assert_eq!(view.state, RunState::Succeeded);
    assert_eq!(
        log.entries(),
        [json!({"upgraded_from": 1, "was": {"table": "orders"}}).to_string()]
    );
}

#[tokio::test]
async fn a_run_whose_parameters_cannot_be_read_waits_for_a_version_that_reads_them() {
    let log = Log::default();
    let old = TestKind {
        version: 0,
        ..TestKind::new(vec![TestStep::logging("one", &log)])
    };
    let bench = Bench::with(old, EngineConfig::default());
    let id = bench.enqueue().await;
    let updated = bench.other(TestKind::new(vec![TestStep::logging("one", &log)]));
    updated.run_until_idle().await.unwrap();
    let view = bench.engine.view(id).await.unwrap();
    assert_eq!(view.state, RunState::Sleeping);
    assert!(view.trouble().unwrap().1.message.contains("too old"));
    assert_eq!(log.len(), 0);
    let view = bench.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded);
    assert_eq!(log.entries(), ["one"]);
}

#[tokio::test]
async fn a_step_that_this_version_does_not_know_waits_for_one_that_does_and_nothing_is_undone() {
    let log = Log::default();
    let mut steps = vec![TestStep::logging("one", &log)];
    steps.extend(sleeps_first(&log));
    let bench = Bench::new(steps);
    let id = bench.enqueue().await;
    bench.engine.run_until_idle().await.unwrap();
    let updated = bench.other(TestKind::new(vec![TestStep::logging("one", &log)]));
    bench.clock.advance(SignedDuration::from_secs(9));
    updated.run_until_idle().await.unwrap();
    let view = bench.engine.view(id).await.unwrap();
    assert_eq!(view.state, RunState::Sleeping);
    assert!(view.trouble().unwrap().1.message.contains("\"sleep\""));
    let view = bench.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded);
    assert_eq!(log.len(), 2, "{:?}", log.entries());
}
