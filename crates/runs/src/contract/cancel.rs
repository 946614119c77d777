use std::sync::Arc;

use super::{
    CaseResult, ensure, ensure_eq,
    fixture::{
        KIND, after, append_and_release, append_of, claim_one, claimed, created, finished, new_run,
        request, sleeping, started,
    },
};
use crate::{CancelRequest, Renewal, RunEventKind, RunState, RunStore};

fn cancel(by: &str, seconds: i64) -> CancelRequest {
    CancelRequest {
        by: by.to_owned(),
        reason: "wrong table".to_owned(),
        at: after(seconds),
    }
}

pub(super) async fn a_cancel_makes_an_idle_run_claimable(store: Arc<dyn RunStore>) -> CaseResult {
    let sleeper = claimed(&*store, "w1").await?;
    append_and_release(&*store, &sleeper, 1, vec![started("one"), sleeping(9000)]).await?;
    let mut waits = new_run(2);
    waits.created = created(KIND, "ana", true);
    store.create(waits.clone()).await?;
    let mut later = new_run(3);
    later.not_before = after(9000);
    store.create(later.clone()).await?;
    ensure_eq!(store.claim(&request("w1", 10)).await?, vec![]);
    for id in [sleeper.run.id, waits.id, later.id] {
        let run = store.request_cancel(id, cancel("ben", 10)).await?;
        ensure_eq!(run.cancel, Some(cancel("ben", 10)));
        ensure!(run.cancel_pending(), "the log does not hold it yet");
        ensure!(
            store.next_due(&[KIND.to_owned()]).await? <= Some(after(10)),
            "it is due"
        );
        let claims = store.claim(&request("w1", 10)).await?;
        ensure_eq!(claims.len(), 1);
        ensure_eq!(claims[0].run.id, id);
        ensure_eq!(claims[0].run.cancel, Some(cancel("ben", 10)));
    }
    Ok(())
}

pub(super) async fn a_cancel_reaches_the_holder_with_its_next_append_or_renewal(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let claim = claimed(&*store, "w1").await?;
    store.request_cancel(claim.run.id, cancel("ben", 2)).await?;
    ensure_eq!(store.claim(&request("w2", 3)).await?, vec![]);
    let renewed = store.renew(&[claim.lease_key()], after(90)).await?;
    let expected = Renewal::Renewed {
        cancel: Some(cancel("ben", 2)),
    };
    ensure_eq!(renewed, vec![expected]);
    let appended = store
        .append(append_of(&claim, 4, vec![started("one")]))
        .await?;
    ensure_eq!(appended.cancel, Some(cancel("ben", 2)));
    Ok(())
}

pub(super) async fn a_cancel_is_not_lost_when_the_run_goes_to_sleep_meanwhile(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let claim = claimed(&*store, "w1").await?;
    store.request_cancel(claim.run.id, cancel("ben", 2)).await?;
    append_and_release(&*store, &claim, 3, vec![started("one"), sleeping(9000)]).await?;
    let woken = claim_one(&*store, &request("w2", 3), claim.run.id).await?;
    ensure!(woken.run.cancel_pending(), "the log does not hold it yet");
    Ok(())
}

pub(super) async fn a_cancel_that_the_log_holds_is_not_pending(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let claim = claimed(&*store, "w1").await?;
    store.request_cancel(claim.run.id, cancel("ben", 2)).await?;
    let events = vec![
        started("one"),
        RunEventKind::CancelRequested {
            by: "ben".to_owned(),
            reason: String::new(),
        },
        sleeping(300),
    ];
    let appended = append_and_release(&*store, &claim, 3, events).await?;
    ensure_eq!(appended.cancel, None);
    ensure_eq!(store.claim(&request("w2", 299)).await?, vec![]);
    ensure_eq!(store.claim(&request("w2", 300)).await?.len(), 1);
    Ok(())
}

pub(super) async fn the_first_cancel_stays_and_an_ended_run_takes_none(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let claim = claimed(&*store, "w1").await?;
    let id = claim.run.id;
    store.request_cancel(id, cancel("ben", 2)).await?;
    let run = store.request_cancel(id, cancel("eve", 3)).await?;
    ensure_eq!(run.cancel, Some(cancel("ben", 2)));
    let ended = {
        let id = store.create(new_run(1)).await?.into_run().id;
        claim_one(&*store, &request("w1", 1), id).await?
    };
    store.append(append_of(&ended, 4, vec![finished()])).await?;
    let run = store.request_cancel(ended.run.id, cancel("eve", 5)).await?;
    ensure_eq!(run.cancel, None);
    ensure_eq!(run.head.state, RunState::Succeeded);
    Ok(())
}
