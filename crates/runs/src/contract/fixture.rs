//! Runs and claims for the cases.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::{
    Always, Append, Appended, ClaimRequest, Claimed, Fence, Hold, NewRun, OnFailure, RunEvent,
    RunEventKind, RunId, RunLabels, RunStore, RunView, StepPlan, StoreError,
};

pub(super) const KIND: &str = "contract";

/// The time at which the cases begin.
pub(super) fn start() -> Timestamp {
    Timestamp::constant(1_800_000_000, 250_000_000)
}

/// So many seconds after the start.
pub(super) fn after(seconds: i64) -> Timestamp {
    start() + SignedDuration::from_secs(seconds)
}

/// A run with two steps, created `seconds` after the start.
pub(super) fn new_run(seconds: i64) -> NewRun {
    let created_at = after(seconds);
    NewRun {
        id: RunId::new(created_at),
        kind: KIND.to_owned(),
        params_version: 3,
        params: json!({"table": "orders", "deep": [{"a": 1.5}, null, "\u{1F30A} ünï"]}),
        creator: "ana".to_owned(),
        reason: "Friday's \"drill\"".to_owned(),
        labels: RunLabels {
            account: Some("000000000001".to_owned()),
            region: Some("eu-west-1".to_owned()),
            resource: Some("arn:aws:dynamodb:eu-west-1:000000000001:table/orders".to_owned()),
        },
        idempotency_key: None,
        created_at,
        created: created(KIND, "ana", false),
        not_before: created_at,
    }
}

pub(super) fn created(kind: &str, creator: &str, awaiting_approval: bool) -> RunEventKind {
    let step = |name: &str| StepPlan {
        name: name.to_owned(),
        title: name.to_uppercase(),
        undo: true,
        always: Always::No,
        on_failure: OnFailure::Undo,
        seals: false,
        at_most_seconds: None,
    };
    RunEventKind::Created {
        run_kind: kind.to_owned(),
        params_version: 3,
        creator: creator.to_owned(),
        reason: String::new(),
        labels: RunLabels::default(),
        steps: vec![step("one"), step("two")],
        awaiting_approval,
    }
}

pub(super) fn by(mut run: NewRun, creator: &str) -> NewRun {
    creator.clone_into(&mut run.creator);
    run.created = created(&run.kind, creator, false);
    run
}

/// A claim for everything of the suite's kind, at so many seconds, for a minute.
pub(super) fn request(owner: &str, seconds: i64) -> ClaimRequest {
    ClaimRequest {
        owner: owner.to_owned(),
        now: after(seconds),
        until: after(seconds + 60),
        limit: 1000,
        kinds: vec![KIND.to_owned()],
        per_creator: None,
        per_account: None,
    }
}

/// Creates a run at the start and claims it then.
pub(super) async fn claimed(store: &dyn RunStore, owner: &str) -> Result<Claimed, StoreError> {
    let id = store.create(new_run(0)).await?.into_run().id;
    claim_one(store, &request(owner, 0), id).await
}

/// Claims, and gives the claim of that run.
pub(super) async fn claim_one(
    store: &dyn RunStore,
    request: &ClaimRequest,
    id: RunId,
) -> Result<Claimed, StoreError> {
    let claims = store.claim(request).await?;
    claims
        .into_iter()
        .find(|claim| claim.run.id == id)
        .ok_or(StoreError::NotFound(id))
}

/// The append of `kinds` to a claimed run whose log is as it was claimed.
pub(super) fn append_of(claim: &Claimed, seconds: i64, kinds: Vec<RunEventKind>) -> Append {
    let mut view = RunView::fold(&claim.events);
    let seq = claim.run.seq;
    let events: Vec<RunEvent> = (seq + 1..)
        .zip(kinds)
        .map(|(seq, kind)| RunEvent {
            seq,
            at: after(seconds),
            kind,
        })
        .collect();
    for event in &events {
        view.apply(event);
    }
    Append {
        run: claim.run.id,
        fence: Fence::Lease(claim.lease_key()),
        expected_seq: seq,
        events,
        head: view.head(after(seconds)),
        hold: Hold::Keep,
    }
}

/// Appends `kinds` and releases the lease.
pub(super) async fn append_and_release(
    store: &dyn RunStore,
    claim: &Claimed,
    seconds: i64,
    kinds: Vec<RunEventKind>,
) -> Result<Appended, StoreError> {
    let mut append = append_of(claim, seconds, kinds);
    append.hold = Hold::Release;
    store.append(append).await
}

pub(super) fn started(step: &str) -> RunEventKind {
    RunEventKind::StepStarted {
        step: step.to_owned(),
        attempt: 1,
    }
}

pub(super) fn sleeping(seconds: i64) -> RunEventKind {
    RunEventKind::Sleeping {
        step: "one".to_owned(),
        until: after(seconds),
        reason: crate::SleepReason::Wait,
        progress: crate::Progress::default(),
        memo: None,
    }
}

pub(super) fn finished() -> RunEventKind {
    RunEventKind::Finished {
        outcome: crate::Outcome::Succeeded,
        summary: json!({"items": 3}),
    }
}
