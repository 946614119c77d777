//! A second person's decision.

use serde_json::Value;
use tidemark_domain::runs::{Outcome, Run, RunEvent, RunEventKind, RunId, RunState, RunView};

use super::{Engine, EngineError};
use crate::{Append, Fence, Hold};

impl Engine {
    /// Lets a run begin that waits for an approval. Who may approve is the caller's matter.
    pub async fn approve(&self, id: RunId, by: &str) -> Result<Run, EngineError> {
        let approved = RunEventKind::Approved { by: by.to_owned() };
        let run = self.decide(id, vec![approved]).await?;
        self.wake();
        Ok(run)
    }

    /// Ends a run that waits for an approval.
    pub async fn reject(&self, id: RunId, by: &str, reason: &str) -> Result<Run, EngineError> {
        let rejected = RunEventKind::Rejected {
            by: by.to_owned(),
            reason: reason.to_owned(),
        };
        let finished = RunEventKind::Finished {
            outcome: Outcome::Cancelled,
            summary: Value::Null,
        };
        self.decide(id, vec![rejected, finished]).await
    }

    async fn decide(&self, id: RunId, kinds: Vec<RunEventKind>) -> Result<Run, EngineError> {
        let mut run = self.run(id).await?;
        let log = self.inner.store.events_after(id, 0, u32::MAX).await?;
        let mut view = RunView::fold(&log);
        if view.state != RunState::AwaitingApproval || run.cancel_pending() {
            return Err(EngineError::WrongState {
                run: id,
                state: view.state,
            });
        }
        let now = self.inner.clock.now();
        let expected_seq = view.seq;
        let events: Vec<RunEvent> = (expected_seq + 1..)
            .zip(kinds)
            .map(|(seq, kind)| RunEvent { seq, at: now, kind })
            .collect();
        for event in &events {
            view.apply(event);
        }
        let head = view.head(now);
        let appended = self
            .inner
            .store
            .append(Append {
                run: id,
                fence: Fence::Unleased,
                expected_seq,
                events: events.clone(),
                head: head.clone(),
                hold: Hold::Keep,
            })
            .await?;
        self.inner.notify(id, &events, &head);
        run.seq = appended.seq;
        run.head = head;
        Ok(run)
    }
}
