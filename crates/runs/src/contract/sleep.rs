use std::sync::Arc;

use super::{
    CaseResult, ensure, ensure_eq,
    fixture::{
        KIND, after, append_and_release, claim_one, claimed, created, finished, new_run, request,
        sleeping, started,
    },
};
use crate::{RunState, RunStore};

pub(super) async fn a_sleeping_run_is_claimable_from_its_wake_time_on(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let claim = claimed(&*store, "w1").await?;
    append_and_release(&*store, &claim, 1, vec![started("one"), sleeping(1000)]).await?;
    let run = store.get(claim.run.id).await?;
    ensure_eq!(
        run.as_ref().map(|run| run.head.state),
        Some(RunState::Sleeping)
    );
    ensure_eq!(run.and_then(|run| run.lease), None);
    ensure_eq!(store.claim(&request("w2", 999)).await?, vec![]);
    let woken = claim_one(&*store, &request("w2", 1000), claim.run.id).await?;
    ensure_eq!(woken.events.len(), 3);
    Ok(())
}

pub(super) async fn the_next_due_time_is_that_of_the_earliest_run(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let kinds = [KIND.to_owned()];
    ensure_eq!(store.next_due(&kinds).await?, None);
    let sleeper = claimed(&*store, "w1").await?;
    // Leased: due when the lease expires.
    ensure_eq!(store.next_due(&kinds).await?, Some(after(60)));
    append_and_release(&*store, &sleeper, 1, vec![started("one"), sleeping(500)]).await?;
    ensure_eq!(store.next_due(&kinds).await?, Some(after(500)));
    let mut other = new_run(2);
    "other".clone_into(&mut other.kind);
    store.create(other).await?;
    let mut waits = new_run(3);
    waits.created = created(KIND, "ana", true);
    store.create(waits).await?;
    ensure_eq!(store.next_due(&kinds).await?, Some(after(500)));
    store.create(new_run(4)).await?;
    let due = store.next_due(&kinds).await?;
    ensure!(due <= Some(after(4)) && due.is_some(), "came {due:?}");
    for claim in store.claim(&request("w1", 500)).await? {
        append_and_release(&*store, &claim, 501, vec![finished()]).await?;
    }
    ensure_eq!(store.next_due(&kinds).await?, None);
    Ok(())
}
