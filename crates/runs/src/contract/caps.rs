use std::{collections::BTreeMap, sync::Arc};

use super::{
    CaseResult, ensure_eq,
    fixture::{append_and_release, by, finished, new_run, request, sleeping, started},
};
use crate::{ClaimRequest, Claimed, RunStore};

fn per_creator(claims: &[Claimed]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for claim in claims {
        *counts.entry(claim.run.creator.as_str()).or_default() += 1;
    }
    counts
}

pub(super) async fn a_creator_at_the_cap_gets_no_further_run_started(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    for n in 0..5 {
        store.create(by(new_run(n), "ana")).await?;
    }
    store.create(by(new_run(9), "ben")).await?;
    let capped = |seconds| ClaimRequest {
        per_creator: Some(2),
        ..request("w1", seconds)
    };
    let claims = store.claim(&capped(10)).await?;
    ensure_eq!(
        per_creator(&claims),
        BTreeMap::from([("ana", 2), ("ben", 1)])
    );
    // Leased though still queued: they count.
    ensure_eq!(store.claim(&capped(11)).await?, vec![]);
    // Sleeping: it counts. Ended: it does not.
    let [first, second] = [&claims[0], &claims[1]];
    append_and_release(&*store, first, 12, vec![started("one"), sleeping(500)]).await?;
    ensure_eq!(store.claim(&capped(13)).await?, vec![]);
    append_and_release(&*store, second, 14, vec![finished()]).await?;
    let claims = store.claim(&capped(15)).await?;
    ensure_eq!(per_creator(&claims), BTreeMap::from([("ana", 1)]));
    Ok(())
}

pub(super) async fn an_account_at_the_cap_gets_no_further_run_started(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    for n in 0..3 {
        store.create(new_run(n)).await?;
        let mut unlabelled = new_run(n);
        unlabelled.labels.account = None;
        store.create(unlabelled).await?;
    }
    let capped = ClaimRequest {
        per_account: Some(1),
        ..request("w1", 10)
    };
    let claims = store.claim(&capped).await?;
    let labelled = claims
        .iter()
        .filter(|claim| claim.run.labels.account.is_some());
    ensure_eq!(labelled.count(), 1);
    ensure_eq!(claims.len(), 4);
    Ok(())
}

pub(super) async fn runs_in_progress_are_claimed_whatever_the_caps(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    for n in 0..3 {
        store.create(new_run(n)).await?;
    }
    for claim in store.claim(&request("w1", 10)).await? {
        append_and_release(&*store, &claim, 10, vec![started("one"), sleeping(20)]).await?;
    }
    let capped = ClaimRequest {
        per_creator: Some(1),
        per_account: Some(1),
        ..request("w1", 20)
    };
    ensure_eq!(store.claim(&capped).await?.len(), 3);
    Ok(())
}
