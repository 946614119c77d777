use std::sync::Arc;

use futures::future::join_all;

use super::{
    CaseResult, ensure, ensure_eq, ensure_matches,
    fixture::{after, append_of, by, claimed, new_run, started},
};
use crate::{CancelRequest, Creation, LeaseKey, Renewal, RunId, RunState, RunStore, StoreError};

pub(super) async fn a_created_run_reads_back_as_it_was_written(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let mut new = new_run(0);
    new.idempotency_key = Some("k1".to_owned());
    new.not_before = after(5);
    let Creation::Created(run) = store.create(new.clone()).await? else {
        ensure!(false, "a first creation must not find an earlier run");
        return Ok(());
    };
    ensure_eq!(run, new.to_run());
    ensure_eq!(run.head.state, RunState::Queued);
    ensure_eq!(run.head.wake_at, Some(after(5)));
    ensure_eq!(store.get(new.id).await?, Some(run));
    let events = store.events_after(new.id, 0, 10).await?;
    ensure_eq!(events, vec![new.first_event()]);
    Ok(())
}

pub(super) async fn an_unknown_run_is_nowhere(store: Arc<dyn RunStore>) -> CaseResult {
    let known = claimed(&*store, "w1").await?;
    let unknown = RunId::new(after(1));
    ensure_eq!(store.get(unknown).await?, None);
    ensure_eq!(store.events_after(unknown, 0, 10).await?, vec![]);
    let cancel = CancelRequest {
        by: "ana".to_owned(),
        reason: String::new(),
        at: after(1),
    };
    let cancelled = store.request_cancel(unknown, cancel).await;
    ensure_matches!(cancelled, Err(StoreError::NotFound(_)));
    let mut append = append_of(&known, 1, vec![started("one")]);
    append.run = unknown;
    ensure_matches!(
        store.append(append).await,
        Err(StoreError::NotFound(_) | StoreError::Fenced(_))
    );
    let key = LeaseKey {
        run: unknown,
        ..known.lease_key()
    };
    ensure_eq!(store.renew(&[key], after(9)).await?, vec![Renewal::Lost]);
    Ok(())
}

pub(super) async fn a_key_used_twice_by_one_creator_creates_one_run(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let mut first = new_run(0);
    first.idempotency_key = Some("k".to_owned());
    let mut second = new_run(1);
    second.idempotency_key = Some("k".to_owned());
    store.create(first.clone()).await?;
    let again = store.create(second.clone()).await?;
    ensure_eq!(again, Creation::Existing(first.to_run()));
    ensure_eq!(store.get(second.id).await?, None);
    ensure_eq!(store.events_after(second.id, 0, 9).await?, vec![]);
    // Without a key, each creation is a run of its own.
    store.create(new_run(2)).await?;
    store.create(new_run(2)).await?;
    ensure_eq!(store.counts(&crate::RunFilter::default()).await?.total(), 3);
    Ok(())
}

pub(super) async fn keys_of_different_creators_do_not_meet(store: Arc<dyn RunStore>) -> CaseResult {
    for creator in ["ana", "ben"] {
        let mut new = by(new_run(0), creator);
        new.idempotency_key = Some("k".to_owned());
        ensure_matches!(store.create(new).await?, Creation::Created(_));
    }
    Ok(())
}

pub(super) async fn concurrent_creations_under_one_key_give_one_run(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let creations = join_all((0..8).map(|n| {
        let store = Arc::clone(&store);
        async move {
            let mut new = new_run(n);
            new.idempotency_key = Some("k".to_owned());
            tokio::spawn(async move { store.create(new).await }).await
        }
    }))
    .await;
    let mut created = 0;
    let mut ids = Vec::new();
    for creation in creations {
        let creation = creation.map_err(StoreError::unavailable)??;
        created += usize::from(matches!(creation, Creation::Created(_)));
        ids.push(creation.into_run().id);
    }
    ensure_eq!(created, 1);
    ids.dedup();
    ensure_eq!(ids.len(), 1);
    Ok(())
}
