use std::sync::Arc;

use super::{
    CaseResult, ensure_eq, ensure_matches,
    fixture::{append_of, claim_one, claimed, request, started},
};
use crate::{Append, Fence, RunStore, StoreError};

async fn refused(store: &dyn RunStore, append: Append) -> CaseResult {
    let before = store.get(append.run).await?;
    let id = append.run;
    ensure_matches!(store.append(append).await, Err(StoreError::Fenced(_)));
    ensure_eq!(store.get(id).await?, before);
    let seq = before.map(|run| run.seq);
    let last = store.events_after(id, 0, 1000).await?.pop();
    ensure_eq!(last.map(|event| event.seq), seq);
    Ok(())
}

pub(super) async fn another_owner_or_an_earlier_claim_appends_nothing(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let first = claimed(&*store, "w1").await?;
    let append = append_of(&first, 1, vec![started("one")]);
    let mut stranger = append.clone();
    stranger.fence = Fence::Lease(crate::LeaseKey {
        owner: "w2".to_owned(),
        ..first.lease_key()
    });
    refused(&*store, stranger).await?;
    let mut nobody = append.clone();
    nobody.fence = Fence::Unleased;
    refused(&*store, nobody).await?;
    // The same worker takes its own expired run again: its earlier self must not write.
    let second = claim_one(&*store, &request("w1", 60), first.run.id).await?;
    refused(&*store, append.clone()).await?;
    store
        .append(append_of(&second, 61, vec![started("one")]))
        .await?;
    refused(&*store, append).await
}

pub(super) async fn a_log_that_has_grown_takes_nothing_from_who_does_not_know(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let claim = claimed(&*store, "w1").await?;
    let append = append_of(&claim, 1, vec![started("one")]);
    store.append(append.clone()).await?;
    refused(&*store, append.clone()).await?;
    let mut ahead = append;
    ahead.expected_seq = 5;
    ahead.events[0].seq = 6;
    refused(&*store, ahead).await
}

pub(super) async fn events_with_a_gap_are_refused(store: Arc<dyn RunStore>) -> CaseResult {
    let claim = claimed(&*store, "w1").await?;
    let mut append = append_of(&claim, 1, vec![started("one"), started("two")]);
    append.events[1].seq = 4;
    ensure_matches!(store.append(append).await, Err(StoreError::Invalid(_)));
    ensure_eq!(store.events_after(claim.run.id, 0, 9).await?.len(), 1);
    Ok(())
}

pub(super) async fn an_expired_lease_that_nobody_took_still_appends(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let claim = claimed(&*store, "w1").await?;
    let appended = store
        .append(append_of(&claim, 5000, vec![started("one")]))
        .await?;
    ensure_eq!(appended.seq, 2);
    Ok(())
}

pub(super) async fn of_two_appends_at_once_one_wins(store: Arc<dyn RunStore>) -> CaseResult {
    let claim = claimed(&*store, "w1").await?;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let store = Arc::clone(&store);
            let append = append_of(&claim, 1, vec![started("one")]);
            tokio::spawn(async move { store.append(append).await })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        match task.await.map_err(StoreError::unavailable)? {
            Ok(_) => won += 1,
            Err(StoreError::Fenced(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    ensure_eq!(won, 1);
    ensure_eq!(store.events_after(claim.run.id, 0, 99).await?.len(), 2);
    Ok(())
}
