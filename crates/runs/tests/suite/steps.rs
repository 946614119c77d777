use serde_json::{Value, json};
use tidemark_runs::{
    Always, NoteLevel, RunEventKind, RunState, RunStore, StepError, StepErrorKind, StepOutcome,
    StepState,
};

use crate::support::{Bench, Log, TestStep, body, says};

fn fails(name: &str) -> TestStep {
    TestStep::new(name, says(|_| Err(StepError::denied("AWS said no"))))
}

#[tokio::test]
async fn later_steps_read_what_earlier_ones_left() {
    let bench = Bench::new(vec![
        TestStep::new("a", says(|_| Ok(StepOutcome::Done(json!({"n": 20}))))),
        TestStep::new("skipped", says(|_| Ok(StepOutcome::skipped("no need")))),
        TestStep::new(
            "b",
            says(|ctx| {
                let a: Value = ctx.output("a")?;
                let missing = ctx.output::<Value>("skipped").unwrap_err();
                assert_eq!(missing.kind, StepErrorKind::Permanent);
                assert_eq!(ctx.find_output::<Value>("skipped")?, None);
                assert_eq!(ctx.params::<Value>()?["table"], "orders");
                assert_eq!(ctx.creator(), "ana");
                StepOutcome::done_with(a["n"].as_i64().map(|n| n + 1))
            }),
        ),
    ]);
    let view = bench.run().await;
    assert_eq!(view.state, RunState::Succeeded, "{view:#?}");
    assert_eq!(view.step("b").unwrap().output, json!(21));
    assert_eq!(view.step("skipped").unwrap().state, StepState::Skipped);
    assert_eq!(view.summary, json!({"steps": 3}));
}

#[tokio::test]
async fn a_failure_runs_always_steps_first_and_then_undoes_in_reverse() {
    let log = Log::default();
    let bench = Bench::new(vec![
        TestStep::logging("one", &log),
        TestStep::logging("two", &log),
        fails("three").undo(says({
            let log = log.clone();
            move |_| {
                log.add("undo three");
                Ok(StepOutcome::done())
            }
        })),
        TestStep::logging("four", &log),
        TestStep::logging("resume", &log).always(Always::OnceStarted("one".to_owned())),
        TestStep::logging("not mine", &log).always(Always::OnceStarted("four".to_owned())),
        TestStep::logging("tidy", &log).always(Always::Yes),
    ]);
    let view = bench.run().await;
    assert_eq!(view.state, RunState::Failed);
    assert_eq!(view.error.unwrap().message, "AWS said no");
    assert_eq!(
        log.entries(),
        [
            "one",
            "two",
            "resume",
            "tidy",
            "undo three",
            "undo two",
            "undo one"
        ]
    );
}

#[tokio::test]
async fn a_run_whose_undo_fails_says_what_is_left_behind() {
    let log = Log::default();
    let bench = Bench::new(vec![
        TestStep::logging("one", &log),
        TestStep::new("two", says(|_| Ok(StepOutcome::done())))
            .undo(says(|_| Err(StepError::denied("may not delete")))),
        fails("three"),
    ]);
    let view = bench.run().await;
    assert_eq!(view.state, RunState::Failed);
    let left: Vec<_> = view.leftovers().map(|step| step.name.as_str()).collect();
    assert_eq!(left, ["two"]);
    assert_eq!(log.entries(), ["one", "undo one"]);
}

#[tokio::test]
async fn a_panic_in_a_step_is_waited_for_and_undoes_nothing() {
    let log = Log::default();
    let bench = Bench::new(vec![
        TestStep::logging("one", &log),
        TestStep::new(
            "two",
            says(|ctx| -> Result<StepOutcome, StepError> {
                if ctx.attempt() > 3 {
                    return Ok(StepOutcome::done());
                }
                std::panic::resume_unwind(Box::new("secret"))
            }),
        ),
    ]);
    let id = bench.enqueue().await;
    bench.engine.run_until_idle().await.unwrap();
    let view = bench.engine.view(id).await.unwrap();
    let (_, error) = view.trouble().unwrap();
    assert!(error.message.contains("defect in the console"), "{error}");
    assert!(!error.message.contains("secret"));
    let view = bench.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded);
    assert_eq!(log.entries(), ["one"]);
}

#[tokio::test]
async fn tokens_differ_by_run_step_and_purpose_and_stay_the_same_otherwise() {
    let log = Log::default();
    let token = |name: &str| {
        let log = log.clone();
        TestStep::new(
            name,
            says(move |ctx| {
                log.add(&ctx.token());
                log.add(&ctx.token_for("copy"));
                if ctx.attempt() == 1 {
                    return Err(StepError::retryable("again"));
                }
                Ok(StepOutcome::done())
            }),
        )
    };
    let bench = Bench::new(vec![token("a"), token("b")]);
    bench.run().await;
    bench.run().await;
    let mut tokens = log.entries();
    assert_eq!(tokens.len(), 16);
    assert!(tokens.iter().all(|token| token.len() == 36));
    assert_eq!(tokens[0..2], tokens[2..4]);
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 8);
}

#[tokio::test]
async fn a_creator_becomes_a_source_identity_that_sts_takes() {
    for (creator, expected) in [
        ("ana@example.com", "ana@example.com"),
        ("Ana Müller/ops", "Ana-M-ller-ops"),
        ("x", "x-"),
        ("", "--"),
    ] {
        let log = Log::default();
        let bench = Bench::new(vec![TestStep::new("a", {
            let log = log.clone();
            says(move |ctx| {
                log.add(&ctx.source_identity());
                Ok(StepOutcome::done())
            })
        })]);
        let mut request = crate::support::request();
        creator.clone_into(&mut request.creator);
        let id = bench.engine.enqueue(request).await.unwrap().run.id;
        bench.finish(id).await;
        assert_eq!(log.entries(), [expected]);
    }
}

#[tokio::test]
async fn progress_and_notes_reach_the_log_and_only_the_latest_word_counts() {
    let bench = Bench::new(vec![TestStep::new(
        "copy",
        body(|ctx| {
            Box::pin(async {
                for n in 0..=100_u8 {
                    ctx.progress_with(Some(n), "Copying", json!({"items": n}));
                    tokio::task::yield_now().await;
                }
                ctx.note(NoteLevel::Warning, "Two items were empty");
                Ok(StepOutcome::done())
            })
        }),
    )]);
    let id = bench.enqueue().await;
    let view = bench.finish(id).await;
    assert_eq!(view.notes.len(), 1);
    assert_eq!(
        view.step("copy").unwrap().work.detail,
        Some(json!({"items": 100}))
    );
    let events = bench.store.events_after(id, 0, 1000).await.unwrap();
    let written = events
        .iter()
        .filter(|event| matches!(event.kind, RunEventKind::StepProgress { .. }));
    // The clock stands still: the first word, and the last.
    assert_eq!(written.count(), 2);
}

#[tokio::test]
async fn steps_without_waits_are_written_in_one_append_each() {
    let log = Log::default();
    let bench = Bench::new(vec![
        TestStep::logging("one", &log),
        TestStep::logging("two", &log),
    ]);
    let mut notices = bench.engine.subscribe();
    bench.run().await;
    let mut sizes = Vec::new();
    while let Ok(notice) = notices.try_recv() {
        sizes.push(notice.events.len());
    }
    // Created; one begins; one ends and two begins; two ends and the run ends.
    assert_eq!(sizes, [1, 1, 2, 2]);
}
