use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tidemark_domain::{
    change::{ItemState, PointAction, TargetCounts},
    runs::StepError,
};
use tidemark_runs::{Step, StepCtx, StepOutcome, Wait};

use super::{
    ChangeParams, Ports,
    batch::{Answer, Batch},
    begin::unavailable,
};
use crate::ports::ItemOutcome;

pub(super) const NAME: &str = "work-through-the-list";

/// Items that are marked as asked and then asked for together.
const BATCH: u16 = 60;

/// How long one call works before the run sleeps for a moment, so that other runs get their turn.
const TURN: SignedDuration = SignedDuration::from_secs(15);

/// Calls in a row without one answer but "later", after which what is left fails.
const MOST_IDLE: u32 = 12;

/// Works through the list, batch by batch, as often as it takes.
pub(super) struct Work {
    pub(super) ports: Ports,
    pub(super) params: ChangeParams,
}

/// What is remembered between two turns.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Memo {
    /// Turns in a row in which AWS answered nothing but "later".
    idle: u32,
}

/// What became of the points, over all vaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Sums {
    pub(super) done: u64,
    pub(super) left: u64,
    pub(super) failed: u64,
    pub(super) open: u64,
    pub(super) bytes: u64,
}

impl Sums {
    pub(super) fn of(counts: &[TargetCounts]) -> Self {
        counts.iter().fold(Self::default(), |sums, target| Self {
            done: sums.done + target.done,
            left: sums.left + target.left,
            failed: sums.failed + target.failed,
            open: sums.open + target.pending + target.asked,
            bytes: sums.bytes.saturating_add(target.bytes_done),
        })
    }

    fn percent(&self) -> u8 {
        let ended = self.done + self.left + self.failed;
        u8::try_from(ended * 100 / (ended + self.open).max(1)).unwrap_or(100)
    }

    fn words(&self, action: PointAction) -> String {
        let verb = match action {
            PointAction::Delete => "deleted",
            PointAction::ChangeLifecycle { .. } => "changed",
        };
        let mut words = vec![
            format!("{} {verb}", self.done),
            format!("{} to go", self.open),
        ];
        for (number, what) in [(self.left, "left"), (self.failed, "failed")] {
            if number > 0 {
                words.push(format!("{number} {what}"));
            }
        }
        words.join(", ")
    }
}

#[async_trait]
impl Step for Work {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> String {
        match self.params.action {
            PointAction::Delete => format!("Delete {} recovery points", self.params.points),
            PointAction::ChangeLifecycle { .. } => {
                format!(
                    "Change the lifecycle of {} recovery points",
                    self.params.points
                )
            }
        }
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let memo: Memo = ctx.memo()?.unwrap_or_default();
        let turn_ends = later(ctx.now(), TURN);
        let batch = Batch::of(ctx, &self.ports, &self.params);
        let mut progressed = false;
        loop {
            // What was asked has its answer written: here it is safe to stop.
            ctx.check_cancelled()?;
            let items = self
                .ports
                .items
                .open(self.params.list, BATCH)
                .await
                .map_err(unavailable)?;
            if items.is_empty() {
                let sums = self.sums().await?;
                return StepOutcome::done_with(sums);
            }
            let numbers: Vec<u32> = items.iter().map(|item| item.number).collect();
            self.ports
                .items
                .ask(self.params.list, &numbers, ctx.now())
                .await
                .map_err(unavailable)?;
            let answers = batch.ask(items).await?;
            let wait = self.write(ctx, answers, memo.idle, &mut progressed).await?;
            let sums = self.sums().await?;
            let words = sums.words(self.params.action);
            ctx.progress(Some(sums.percent()), words.clone());
            if wait || ctx.now() >= turn_ends {
                let memo = Memo {
                    idle: if progressed { 0 } else { memo.idle + 1 },
                };
                return Ok(sleep(ctx.now(), memo, wait, words, sums.percent())?.into());
            }
        }
    }

    /// Each turn is short; the deadline of a step is for one that hangs.
    fn deadline(&self) -> Option<SignedDuration> {
        Some(SignedDuration::from_mins(15))
    }
}

impl Work {
    /// Writes what became of a batch. Answers whether AWS wants to be left alone for a while.
    async fn write(
        &self,
        ctx: &StepCtx,
        answers: Vec<(u32, Answer)>,
        idle: u32,
        progressed: &mut bool,
    ) -> Result<bool, StepError> {
        let mut later = false;
        let mut outcomes = Vec::with_capacity(answers.len());
        for (number, answer) in answers {
            let outcome = |state, message, request_id| ItemOutcome {
                number,
                state,
                message,
                request_id,
            };
            match answer {
                Answer::Ended {
                    state,
                    message,
                    request_id,
                } => {
                    *progressed = true;
                    outcomes.push(outcome(state, message, request_id));
                }
                Answer::Later { message, .. } if idle >= MOST_IDLE => {
                    let message = format!("AWS did not take it in {MOST_IDLE} turns: {message}");
                    outcomes.push(outcome(ItemState::Failed, Some(message), None));
                }
                Answer::Later { known, message } => {
                    later = true;
                    // It surely had no effect: it counts as never asked for. Otherwise it stays
                    // asked, since the effect may be there.
                    if known {
                        outcomes.push(outcome(ItemState::Pending, Some(message), None));
                    }
                }
            }
        }
        self.ports
            .items
            .record(self.params.list, &outcomes, ctx.now())
            .await
            .map_err(unavailable)?;
        Ok(later)
    }

    async fn sums(&self) -> Result<Sums, StepError> {
        let counts = self.ports.items.counts(self.params.list).await;
        Ok(Sums::of(&counts.map_err(unavailable)?))
    }
}

/// Soon, when the turn is over; ever later, while AWS wants to be left alone.
fn sleep(
    now: Timestamp,
    memo: Memo,
    throttled: bool,
    words: String,
    percent: u8,
) -> Result<Wait, StepError> {
    let pause = if throttled {
        SignedDuration::from_secs(1 << memo.idle.min(5))
    } else {
        SignedDuration::from_millis(100)
    };
    let words = if throttled {
        format!(
            "{words}; AWS is throttling, the next try is in {} s",
            pause.as_secs()
        )
    } else {
        words
    };
    let memo = serde_json::to_value(memo)
        .map_err(|error| StepError::permanent(format!("the memo is no JSON: {error}")))?;
    Ok(StepOutcome::wait(later(now, pause), words)
        .percent(percent)
        .memo(memo))
}

fn later(now: Timestamp, pause: SignedDuration) -> Timestamp {
    now.checked_add(pause).unwrap_or(now)
}
