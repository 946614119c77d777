//! Where runs begin: a repeat is one run, a target has one unfinished run, and the audit entry comes with the run.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tidemark_runs::{
    Append, Fence, Hold, NewRun, Outcome, RunEvent, RunEventKind, RunId, RunLabels, RunView,
};
use tidemark_services::{
    audit::{AuditEntry, AuditOutcome},
    ports::{AuditFilter, RunKeys, RunStarted},
};
use tidemark_store::Store;

use crate::harness::on_both;

on_both!(
    a_wish_sent_many_times_at_once_is_one_run_with_one_audit_entry,
    a_target_has_one_unfinished_run_whoever_asks,
    a_wish_is_new_again_once_its_run_has_failed_or_some_time_after_it_succeeded,
);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn new_run(creator: &str, now: Timestamp) -> NewRun {
    let created = RunEventKind::Created {
        run_kind: "restore".to_owned(),
        params_version: 1,
        creator: creator.to_owned(),
        reason: String::new(),
        labels: RunLabels::default(),
        steps: Vec::new(),
        awaiting_approval: false,
    };
    NewRun {
        id: RunId::new(now),
        kind: "restore".to_owned(),
        params_version: 1,
        params: json!({"table": "orders"}),
        creator: creator.to_owned(),
        reason: String::new(),
        labels: RunLabels::default(),
        idempotency_key: None,
        created_at: now,
        created,
        not_before: now,
    }
}

fn keys(repeat: &str, now: Timestamp, targets: &[&str]) -> RunKeys {
    RunKeys {
        repeat: repeat.to_owned(),
        repeat_since: now - SignedDuration::from_mins(1),
        targets: targets.iter().map(|&target| target.to_owned()).collect(),
    }
}

fn entry(actor: &str, now: Timestamp) -> AuditEntry {
    AuditEntry {
        at: now,
        actor: actor.to_owned(),
        origin: "page".to_owned(),
        action: "restore.start".to_owned(),
        subject: "orders".to_owned(),
        outcome: AuditOutcome::Allowed,
        plan_digest: None,
        detail: None,
        request_ids: Vec::new(),
    }
}

async fn start(store: &Store, creator: &str, now: Timestamp, keys: &RunKeys) -> RunStarted {
    let starts = store.run_starts();
    let new = new_run(creator, now);
    starts
        .start(&new, keys, &entry(creator, now))
        .await
        .unwrap()
}

fn id_of(started: &RunStarted) -> RunId {
    match started {
        RunStarted::New(run) => run.id,
        RunStarted::Repeat(run) | RunStarted::Taken { run, .. } => *run,
    }
}

async fn end(store: &Store, id: RunId, outcome: Outcome, now: Timestamp) {
    let runs = store.runs();
    let mut view = RunView::fold(&runs.events_after(id, 0, 10).await.unwrap());
    let finished = RunEvent {
        seq: view.seq + 1,
        at: now,
        kind: RunEventKind::Finished {
            outcome,
            summary: json!(null),
        },
    };
    let expected_seq = view.seq;
    view.apply(&finished);
    runs.append(Append {
        run: id,
        fence: Fence::Unleased,
        expected_seq,
        events: vec![finished],
        head: view.head(now),
        hold: Hold::Release,
    })
    .await
    .unwrap();
}

async fn entries(store: &Store) -> usize {
    let page = store.audit().list(&AuditFilter::default()).await.unwrap();
    page.items.len()
}

async fn a_wish_sent_many_times_at_once_is_one_run_with_one_audit_entry(store: Store) {
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let keys = keys("repeat:a", at(0), &["table:orders"]);
                start(&store, "ana", at(0), &keys).await
            })
        })
        .collect();
    let (mut ids, mut new) = (BTreeSet::new(), 0);
    for task in tasks {
        let started = task.await.unwrap();
        new += usize::from(matches!(started, RunStarted::New(_)));
        ids.insert(id_of(&started));
    }
    assert_eq!((ids.len(), new), (1, 1));
    assert_eq!(entries(&store).await, 1);
}

async fn a_target_has_one_unfinished_run_whoever_asks(store: Store) {
    let first = start(
        &store,
        "ana",
        at(0),
        &keys("repeat:a", at(0), &["t:1", "t:2"]),
    )
    .await;
    let second = start(&store, "ben", at(1), &keys("repeat:b", at(1), &["t:2"])).await;
    let taken = RunStarted::Taken {
        target: "t:2".to_owned(),
        run: id_of(&first),
    };
    assert_eq!(second, taken);
    assert_eq!(entries(&store).await, 1);
    let other = start(&store, "ben", at(1), &keys("repeat:b", at(1), &["t:3"])).await;
    assert!(matches!(other, RunStarted::New(_)), "{other:?}");
    end(&store, id_of(&first), Outcome::Succeeded, at(2)).await;
    let free = start(&store, "eva", at(3), &keys("repeat:c", at(3), &["t:2"])).await;
    assert!(matches!(free, RunStarted::New(_)), "{free:?}");
}

async fn a_wish_is_new_again_once_its_run_has_failed_or_some_time_after_it_succeeded(store: Store) {
    let mut last = start(&store, "ana", at(0), &keys("repeat:a", at(0), &[])).await;
    for outcome in [Outcome::Failed, Outcome::Cancelled] {
        end(&store, id_of(&last), outcome, at(1)).await;
        let again = start(&store, "ana", at(2), &keys("repeat:a", at(2), &[])).await;
        assert!(matches!(again, RunStarted::New(_)), "{outcome:?}");
        last = again;
    }
    end(&store, id_of(&last), Outcome::SucceededWithWarnings, at(3)).await;
    let soon = start(&store, "ana", at(30), &keys("repeat:a", at(30), &[])).await;
    assert_eq!(soon, RunStarted::Repeat(id_of(&last)));
    let later = start(&store, "ana", at(100), &keys("repeat:a", at(100), &[])).await;
    assert!(matches!(later, RunStarted::New(_)), "{later:?}");
}
