use std::sync::Arc;

use super::{
    CaseResult, ensure_eq,
    fixture::{after, append_of, claim_one, claimed, new_run, request, started},
};
use crate::{LeaseKey, Renewal, RunStore};

const RENEWED: Renewal = Renewal::Renewed { cancel: None };

pub(super) async fn a_leased_run_is_claimable_once_the_lease_expires(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let claim = claimed(&*store, "w1").await?;
    store
        .append(append_of(&claim, 1, vec![started("one")]))
        .await?;
    ensure_eq!(store.claim(&request("w2", 59)).await?, vec![]);
    let taken = claim_one(&*store, &request("w2", 60), claim.run.id).await?;
    ensure_eq!(taken.run.lease_epoch, 2);
    ensure_eq!(taken.events.len(), 2);
    Ok(())
}

pub(super) async fn a_renewed_lease_lasts_longer(store: Arc<dyn RunStore>) -> CaseResult {
    let claim = claimed(&*store, "w1").await?;
    let renewed = store.renew(&[claim.lease_key()], after(90)).await?;
    ensure_eq!(renewed, vec![RENEWED]);
    ensure_eq!(store.claim(&request("w2", 89)).await?, vec![]);
    // Past its expiry, and nobody has taken it: still prolonged.
    let renewed = store.renew(&[claim.lease_key()], after(200)).await?;
    ensure_eq!(renewed, vec![RENEWED]);
    ensure_eq!(store.claim(&request("w2", 199)).await?, vec![]);
    ensure_eq!(store.claim(&request("w2", 200)).await?.len(), 1);
    Ok(())
}

pub(super) async fn a_lost_lease_is_not_renewed(store: Arc<dyn RunStore>) -> CaseResult {
    let lost = claimed(&*store, "w1").await?;
    claim_one(&*store, &request("w2", 60), lost.run.id).await?;
    let id = store.create(new_run(61)).await?.into_run().id;
    let held = claim_one(&*store, &request("w1", 61), id).await?;
    let stranger = LeaseKey {
        owner: "w3".to_owned(),
        ..held.lease_key()
    };
    let renewed = store
        .renew(&[lost.lease_key(), held.lease_key(), stranger], after(500))
        .await?;
    ensure_eq!(renewed, vec![Renewal::Lost, RENEWED, Renewal::Lost]);
    let run = store.get(lost.run.id).await?;
    let expires = run.and_then(|run| run.lease).map(|lease| lease.expires_at);
    ensure_eq!(expires, Some(after(120)));
    ensure_eq!(store.renew(&[], after(500)).await?, vec![]);
    Ok(())
}

pub(super) async fn a_released_run_is_claimable_at_once(store: Arc<dyn RunStore>) -> CaseResult {
    let claim = claimed(&*store, "w1").await?;
    store.release(&claim.lease_key()).await?;
    let run = store.get(claim.run.id).await?;
    ensure_eq!(run.and_then(|run| run.lease), None);
    let again = claim_one(&*store, &request("w2", 1), claim.run.id).await?;
    ensure_eq!(again.run.lease_epoch, 2);
    Ok(())
}

pub(super) async fn releasing_a_lost_lease_changes_nothing(store: Arc<dyn RunStore>) -> CaseResult {
    let lost = claimed(&*store, "w1").await?;
    let taken = claim_one(&*store, &request("w1", 60), lost.run.id).await?;
    store.release(&lost.lease_key()).await?;
    ensure_eq!(store.get(lost.run.id).await?, Some(taken.run));
    Ok(())
}
