use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::{
    CaseResult, ensure_eq, ensure_matches,
    fixture::{
        KIND, after, append_and_release, append_of, claim_one, claimed, created, finished, new_run,
        request, sleeping, started,
    },
};
use crate::{
    Appended, CompensationCause, Fence, Hold, NoteLevel, Outcome, Progress, RunEventKind, RunState,
    RunStore, RunView, SleepReason, StepError, StoreError,
};

fn one_of_each(until: Timestamp) -> Vec<RunEventKind> {
    let step = || "one".to_owned();
    let by = || "ben".to_owned();
    let error = || {
        StepError::denied("AWS said no")
            .with_guidance("Grant it")
            .with_detail(json!({"code": "AccessDenied", "status": 403}))
    };
    vec![
        RunEventKind::Approved { by: by() },
        RunEventKind::Rejected {
            by: by(),
            reason: "no".to_owned(),
        },
        started("one"),
        RunEventKind::StepProgress {
            step: step(),
            progress: Progress {
                percent: Some(42),
                message: "Кopying".to_owned(),
            },
            detail: Some(json!({"items": u64::MAX})),
        },
        RunEventKind::StepSucceeded {
            step: step(),
            output: json!({"arn": "arn:aws:s3:::b", "null": null}),
        },
        RunEventKind::StepFailed {
            step: step(),
            error: error(),
            will_retry: true,
        },
        RunEventKind::StepSkipped {
            step: "two".to_owned(),
            why: "nothing to do".to_owned(),
        },
        RunEventKind::Sleeping {
            step: step(),
            until,
            reason: SleepReason::Wait,
            progress: Progress::default(),
            memo: Some(json!("job-1")),
        },
        RunEventKind::CancelRequested {
            by: by(),
            reason: String::new(),
        },
        RunEventKind::CompensationStarted {
            cause: CompensationCause::StepFailed(step()),
        },
        RunEventKind::UndoStarted {
            step: step(),
            attempt: 2,
        },
        RunEventKind::UndoFailed {
            step: step(),
            error: error(),
            will_retry: false,
        },
        RunEventKind::UndoSucceeded { step: step() },
        RunEventKind::Note {
            level: NoteLevel::Warning,
            text: "line\nbreak\0 \"quoted\" 'single'".replace('\0', ""),
        },
        RunEventKind::Finished {
            outcome: Outcome::Failed,
            summary: json!([1, 2, 3]),
        },
    ]
}

pub(super) async fn every_kind_of_event_reads_back_as_it_was_appended(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let claim = claimed(&*store, "w1").await?;
    let append = append_of(&claim, 1, one_of_each(after(99)));
    store.append(append.clone()).await?;
    let read = store.events_after(claim.run.id, 0, 1000).await?;
    ensure_eq!(read[0], claim.events[0]);
    ensure_eq!(read[1..], append.events[..]);
    Ok(())
}

pub(super) async fn an_append_replaces_the_head(store: Arc<dyn RunStore>) -> CaseResult {
    let claim = claimed(&*store, "w1").await?;
    let append = append_of(&claim, 7, vec![started("one"), sleeping(50)]);
    let appended = store.append(append.clone()).await?;
    ensure_eq!(
        appended,
        Appended {
            seq: 3,
            cancel: None
        }
    );
    let run = store.get(claim.run.id).await?;
    let mut expected = claim.run.clone();
    expected.seq = 3;
    expected.head = append.head;
    ensure_eq!(run, Some(expected));
    let head = run.map(|run| run.head);
    ensure_eq!(head.as_ref().map(|h| h.state), Some(RunState::Sleeping));
    ensure_eq!(head.as_ref().and_then(|h| h.started_at), Some(after(7)));
    ensure_eq!(head.and_then(|h| h.wake_at), Some(after(50)));
    Ok(())
}

pub(super) async fn events_can_be_read_after_a_number_and_in_portions(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let claim = claimed(&*store, "w1").await?;
    let notes = (0..10).map(|n| RunEventKind::Note {
        level: NoteLevel::Info,
        text: n.to_string(),
    });
    store.append(append_of(&claim, 1, notes.collect())).await?;
    let numbers = async |after, limit| -> Result<Vec<u64>, StoreError> {
        let events = store.events_after(claim.run.id, after, limit).await?;
        Ok(events.iter().map(|event| event.seq).collect())
    };
    ensure_eq!(numbers(0, 3).await?, vec![1, 2, 3]);
    ensure_eq!(numbers(3, 3).await?, vec![4, 5, 6]);
    ensure_eq!(numbers(9, 30).await?, vec![10, 11]);
    ensure_eq!(numbers(11, 30).await?, Vec::<u64>::new());
    Ok(())
}

pub(super) async fn an_append_without_events_changes_the_head_only(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let mut claim = claimed(&*store, "w1").await?;
    append_and_release(&*store, &claim, 0, vec![started("one"), sleeping(10)]).await?;
    claim = claim_one(&*store, &request("w1", 10), claim.run.id).await?;
    let mut append = append_of(&claim, 10, vec![]);
    append.head.wake_at = Some(after(20));
    append.hold = Hold::Release;
    ensure_eq!(store.append(append).await?.seq, 3);
    let run = store.get(claim.run.id).await?;
    let run = run.ok_or(StoreError::NotFound(claim.run.id))?;
    ensure_eq!(run.head.wake_at, Some(after(20)));
    ensure_eq!(run.seq, 3);
    ensure_eq!(store.claim(&request("w1", 19)).await?, vec![]);
    ensure_eq!(store.claim(&request("w1", 20)).await?.len(), 1);
    Ok(())
}

pub(super) async fn an_ended_run_has_no_lease_and_takes_no_more_events(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let claim = claimed(&*store, "w1").await?;
    store.append(append_of(&claim, 1, vec![finished()])).await?;
    let run = store.get(claim.run.id).await?;
    let run = run.ok_or(StoreError::NotFound(claim.run.id))?;
    ensure_eq!(run.lease, None);
    ensure_eq!(run.head.state, RunState::Succeeded);
    ensure_eq!(run.head.finished_at, Some(after(1)));
    ensure_eq!(run.head.wake_at, None);
    let mut late = append_of(&claim, 2, vec![started("one")]);
    late.expected_seq = 2;
    late.events[0].seq = 3;
    ensure_matches!(store.append(late.clone()).await, Err(StoreError::Fenced(_)));
    late.fence = Fence::Unleased;
    ensure_matches!(store.append(late).await, Err(StoreError::Fenced(_)));
    ensure_eq!(store.claim(&request("w2", 1000)).await?, vec![]);
    ensure_eq!(store.events_after(claim.run.id, 0, 9).await?.len(), 2);
    Ok(())
}

pub(super) async fn an_unleased_run_takes_events_from_whoever_knows_its_log(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let mut new = new_run(0);
    new.created = created(KIND, "ana", true);
    let run = store.create(new.clone()).await?.into_run();
    ensure_eq!(run.head.wake_at, None);
    let claim = crate::Claimed {
        run,
        events: vec![new.first_event()],
    };
    let mut approve = append_of(
        &claim,
        5,
        vec![RunEventKind::Approved {
            by: "ben".to_owned(),
        }],
    );
    approve.fence = Fence::Unleased;
    store.append(approve.clone()).await?;
    ensure_matches!(store.append(approve).await, Err(StoreError::Fenced(_)));
    let events = store.events_after(new.id, 0, 9).await?;
    ensure_eq!(RunView::fold(&events).state, RunState::Queued);
    ensure_eq!(store.claim(&request("w1", 5)).await?.len(), 1);
    Ok(())
}

/// Runs that append at once.
const CROWD: usize = 150;

pub(super) async fn appends_at_once_are_each_written_or_refused_by_themselves(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    for _ in 0..CROWD {
        store.create(new_run(0)).await?;
    }
    let claims = store.claim(&request("w1", 0)).await?;
    ensure_eq!(claims.len(), CROWD);
    let appends = claims.iter().enumerate().map(|(number, claim)| {
        let mut append = match number % 4 {
            // Nothing new: only the head moves.
            0 => append_of(claim, 1, Vec::new()),
            _ => append_of(claim, 1, vec![started("one"), sleeping(60)]),
        };
        if number % 4 == 2
            && let Fence::Lease(key) = &mut append.fence
        {
            key.epoch += 1;
        }
        store.append(append)
    });
    let answers = futures::future::join_all(appends).await;
    for (number, (claim, answer)) in claims.iter().zip(answers).enumerate() {
        let seq = claim.run.seq;
        let written = match number % 4 {
            0 => seq,
            2 => {
                ensure_matches!(answer, Err(StoreError::Fenced(_)));
                let log = store.events_after(claim.run.id, seq, 10).await?;
                ensure_eq!(log, []);
                continue;
            }
            _ => seq + 2,
        };
        ensure_eq!(
            answer?,
            Appended {
                seq: written,
                cancel: None
            }
        );
        let log = store.events_after(claim.run.id, seq, 10).await?;
        ensure_eq!(log.len() as u64, written - seq);
    }
    Ok(())
}
