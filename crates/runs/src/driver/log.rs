//! Writing the log.

use jiff::Timestamp;
use tidemark_domain::runs::{RunEvent, RunEventKind};

use super::Driver;
use crate::{Append, Appended, Fence, Hold, StoreError, clock::later, ctx::Said};

impl Driver<'_> {
    /// Folds an event into the view; it is written with the next flush. Events that follow one
    /// another without a call outside are written together.
    pub(super) fn push(&mut self, kind: RunEventKind) {
        let event = RunEvent {
            seq: self.view.seq + 1,
            at: self.inner.clock.now(),
            kind,
        };
        self.view.apply(&event);
        self.pending.push(event);
    }

    /// What a step has said since the last time.
    pub(super) fn push_said(&mut self, step: &str, said: Said) {
        for (level, text) in said.notes {
            self.push(RunEventKind::Note { level, text });
        }
        if let Some((progress, detail)) = said.progress {
            let known = self.view.step(step).map(|step| {
                let now = step.current();
                now.progress == progress && now.detail == detail
            });
            if known != Some(true) {
                self.push(RunEventKind::StepProgress {
                    step: step.to_owned(),
                    progress,
                    detail,
                });
            }
        }
    }

    /// Writes what is pending. `wake_at` overrides when a released run is due.
    pub(super) async fn flush(
        &mut self,
        hold: Hold,
        wake_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        if self.pending.is_empty() && wake_at.is_none() {
            return match hold {
                Hold::Keep => Ok(()),
                Hold::Release => self.inner.store.release(&self.key).await,
            };
        }
        let mut head = self.view.head(self.inner.clock.now());
        if wake_at.is_some() {
            head.wake_at = wake_at;
        }
        let events = std::mem::take(&mut self.pending);
        let append = Append {
            run: self.run.id,
            fence: Fence::Lease(self.key.clone()),
            expected_seq: self.view.seq - u64::try_from(events.len()).unwrap_or(0),
            events,
            head,
            hold,
        };
        let appended = self.append(&append).await?;
        if let Some(request) = appended.cancel {
            self.control.request_cancel(request);
        }
        self.inner.notify(append.run, &append.events, &append.head);
        Ok(())
    }

    /// Tries again while the store is not available. When an earlier try was written after all,
    /// the next one is fenced, and the run goes on after the lease.
    async fn append(&self, append: &Append) -> Result<Appended, StoreError> {
        let mut pause = jiff::SignedDuration::from_millis(50);
        let mut attempt = 1;
        loop {
            match self.inner.store.append(append.clone()).await {
                Err(StoreError::Unavailable(_)) if attempt < self.inner.config.store_attempts => {
                    let until = later(self.inner.clock.now(), pause);
                    self.inner.clock.sleep_until(until).await;
                    attempt += 1;
                    pause = pause.saturating_mul(2);
                }
                end => return end,
            }
        }
    }
}
