use jiff::{SignedDuration, Timestamp};
use tidemark_runs::{
    Append, ClaimRequest, Claimed, Fence, Hold, NewRun, RunEvent, RunEventKind, RunId, RunLabels,
    RunView, contract,
};
use tidemark_store::Store;

use crate::harness::{on_both, on_postgres, on_sqlite};

/// The suite of the port, each case against a database of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_the_contract_of_the_run_store() {
    for case in contract::cases() {
        on_sqlite(async |store: Store| case.check(store.runs()).await.unwrap()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_keeps_the_contract_of_the_run_store() {
    for case in contract::cases() {
        on_postgres(move |store: Store| async move { case.check(store.runs()).await.unwrap() })
            .await;
    }
}

on_both!(
    an_append_that_cannot_be_written_keeps_no_other_from_it,
    appends_one_after_another_in_many_tasks_are_all_written,
);

/// Creates runs and takes their leases.
async fn claimed(store: &Store, count: u32, now: Timestamp) -> Vec<Claimed> {
    let runs = store.runs();
    for _ in 0..count {
        let created = RunEventKind::Created {
            run_kind: "kind".to_owned(),
            params_version: 1,
            creator: "ana".to_owned(),
            reason: String::new(),
            labels: RunLabels::default(),
            steps: Vec::new(),
            awaiting_approval: false,
        };
        let new = NewRun {
            id: RunId::new(now),
            kind: "kind".to_owned(),
            params_version: 1,
            params: serde_json::Value::Null,
            creator: "ana".to_owned(),
            reason: String::new(),
            labels: RunLabels::default(),
            idempotency_key: None,
            created_at: now,
            created,
            not_before: now,
        };
        runs.create(new).await.unwrap();
    }
    let request = ClaimRequest {
        owner: "worker".to_owned(),
        now,
        until: now + SignedDuration::from_mins(1),
        limit: count,
        kinds: vec!["kind".to_owned()],
        per_creator: None,
        per_account: None,
    };
    runs.claim(&request).await.unwrap()
}

/// The attempt that comes after the log's `seq`.
fn attempt(claim: &Claimed, view: &mut RunView, seq: u64, now: Timestamp) -> Append {
    let event = RunEvent {
        seq: seq + 1,
        at: now,
        kind: RunEventKind::StepStarted {
            step: "one".to_owned(),
            attempt: 1,
        },
    };
    view.apply(&event);
    Append {
        run: claim.run.id,
        fence: Fence::Lease(claim.lease_key()),
        expected_seq: seq,
        events: vec![event],
        head: view.head(now),
        hold: Hold::Keep,
    }
}

/// So that writing ends and begins again between them, at every moment.
async fn appends_one_after_another_in_many_tasks_are_all_written(store: Store) {
    let now = Timestamp::now();
    let mut tasks = tokio::task::JoinSet::new();
    for claim in claimed(&store, 8, now).await {
        let runs = store.runs();
        tasks.spawn(async move {
            let mut view = RunView::fold(&claim.events);
            let first = claim.run.seq;
            for seq in first..first + 150 {
                let append = attempt(&claim, &mut view, seq, now);
                assert_eq!(runs.append(append).await.unwrap().seq, seq + 1);
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
}

/// One log has an entry already where the next would come, as no caller of the port can bring about.
async fn an_append_that_cannot_be_written_keeps_no_other_from_it(store: Store) {
    let now = Timestamp::now();
    let runs = store.runs();
    let claims = claimed(&store, 20, now).await;
    let broken = claims[7].run.id;
    let sql = format!(
        "INSERT INTO run_events (run_id, seq, event) \
         SELECT run_id, seq + 1, event FROM run_events WHERE run_id = '{broken}'"
    );
    store.execute(&sql).await.unwrap();
    let appends = claims.iter().map(|claim| {
        let mut view = RunView::fold(&claim.events);
        runs.append(attempt(claim, &mut view, claim.run.seq, now))
    });
    let answers = futures::future::join_all(appends).await;
    for (claim, answer) in claims.iter().zip(answers) {
        let id = claim.run.id;
        assert_eq!(answer.is_err(), id == broken, "{answer:?}");
        let after = runs.get(id).await.unwrap().unwrap();
        let moved = u64::from(id != broken);
        assert_eq!(after.seq, claim.run.seq + moved, "{id}");
    }
}
