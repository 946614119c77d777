use tidemark_runs::battery;

use crate::example::{
    ledger::{self, Flaw},
    restore,
};

#[tokio::test]
async fn a_restore_with_waits_and_paused_writes_passes_the_battery() {
    let report = battery::run(restore::subject).await.unwrap();
    assert!(report.scenarios > 100, "{report:?}");
}

#[tokio::test]
async fn payments_with_tokens_pass_the_battery() {
    let report = battery::run(async || ledger::subject(Flaw::None))
        .await
        .unwrap();
    assert!(report.scenarios > 100, "{report:?}");
}

#[tokio::test]
async fn the_battery_finds_an_effect_that_is_had_twice() {
    let failure = battery::run(async || ledger::subject(Flaw::PaysTwice))
        .await
        .unwrap_err();
    assert!(failure.problem.contains("expected: 4"), "{failure}");
}

#[tokio::test]
async fn the_battery_finds_an_effect_that_is_taken_back_twice() {
    let failure = battery::run(async || ledger::subject(Flaw::TakesBackTwice))
        .await
        .unwrap_err();
    assert!(failure.problem.contains("expected: 0"), "{failure}");
}

#[tokio::test]
async fn the_battery_finds_an_effect_that_is_left_behind() {
    let failure = battery::run(async || ledger::subject(Flaw::NoUndo))
        .await
        .unwrap_err();
    assert!(failure.problem.contains("before the run"), "{failure}");
}
