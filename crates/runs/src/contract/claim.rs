use std::{collections::BTreeSet, sync::Arc};

use super::{
    CaseResult, ensure, ensure_eq,
    fixture::{KIND, after, append_of, claimed, created, finished, new_run, request},
};
use crate::{ClaimRequest, Lease, RunStore, StoreError};

pub(super) async fn a_claim_sets_the_lease_and_brings_the_log(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let new = new_run(0);
    store.create(new.clone()).await?;
    let claims = store.claim(&request("w1", 3)).await?;
    ensure_eq!(claims.len(), 1);
    let mut expected = new.to_run();
    expected.lease = Some(Lease {
        owner: "w1".to_owned(),
        expires_at: after(63),
    });
    expected.lease_epoch = 1;
    ensure_eq!(claims[0].run, expected);
    ensure_eq!(claims[0].events, vec![new.first_event()]);
    ensure_eq!(store.get(new.id).await?, Some(expected));
    ensure_eq!(store.claim(&request("w2", 3)).await?, vec![]);
    Ok(())
}

pub(super) async fn what_waits_longest_is_claimed_first_up_to_the_limit(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let mut expected = Vec::new();
    for seconds in [7, 3, 9, 1, 5] {
        let id = store.create(new_run(seconds)).await?.into_run().id;
        expected.push((seconds, id));
    }
    expected.sort_unstable();
    let limited = ClaimRequest {
        limit: 3,
        ..request("w1", 100)
    };
    let mut came = Vec::new();
    for _ in 0..2 {
        let claims = store.claim(&limited).await?;
        ensure!(claims.len() <= 3, "the limit must hold");
        came.extend(claims.iter().map(|claim| claim.run.id));
    }
    let expected: Vec<_> = expected.into_iter().map(|(_, id)| id).collect();
    ensure_eq!(came, expected);
    Ok(())
}

pub(super) async fn only_known_kinds_are_claimed(store: Arc<dyn RunStore>) -> CaseResult {
    let mut other = new_run(0);
    "other".clone_into(&mut other.kind);
    store.create(other).await?;
    ensure_eq!(store.claim(&request("w1", 1)).await?, vec![]);
    let none = ClaimRequest {
        kinds: vec![],
        ..request("w1", 1)
    };
    ensure_eq!(store.claim(&none).await?, vec![]);
    let both = ClaimRequest {
        kinds: vec!["x".to_owned(), "other".to_owned()],
        ..request("w1", 1)
    };
    ensure_eq!(store.claim(&both).await?.len(), 1);
    Ok(())
}

pub(super) async fn runs_that_wait_for_approval_or_have_ended_are_not_claimed(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let ended = claimed(&*store, "w1").await?;
    store.append(append_of(&ended, 1, vec![finished()])).await?;
    let mut waits = new_run(0);
    waits.created = created(KIND, "ana", true);
    store.create(waits).await?;
    ensure_eq!(store.claim(&request("w1", 100_000)).await?, vec![]);
    Ok(())
}

pub(super) async fn concurrent_claims_never_share_a_run(store: Arc<dyn RunStore>) -> CaseResult {
    const RUNS: usize = 120;
    for _ in 0..RUNS {
        store.create(new_run(0)).await?;
    }
    let workers: Vec<_> = (0..6)
        .map(|worker| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let request = ClaimRequest {
                    limit: 7,
                    ..request(&format!("w{worker}"), 1)
                };
                let mut mine = Vec::new();
                // Rows that another claim is taking are skipped, so one empty answer does not
                // mean that nothing is left.
                let mut empty = 0;
                while empty < 3 {
                    let claims = store.claim(&request).await?;
                    if claims.is_empty() {
                        empty += 1;
                        tokio::task::yield_now().await;
                    }
                    mine.extend(claims.into_iter().map(|claim| claim.run.id));
                }
                Ok::<_, StoreError>(mine)
            })
        })
        .collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.map_err(StoreError::unavailable)??);
    }
    all.extend(
        store
            .claim(&request("last", 1))
            .await?
            .into_iter()
            .map(|claim| claim.run.id),
    );
    let distinct: BTreeSet<_> = all.iter().copied().collect();
    ensure_eq!(distinct.len(), RUNS);
    ensure_eq!(all.len(), RUNS);
    Ok(())
}
