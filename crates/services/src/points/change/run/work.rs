use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tidemark_domain::{
    Scope,
    change::{ItemState, PointAction, TargetCounts},
    runs::StepError,
};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{
    ChangeParams, Ports,
    batch::{Answer, Batch, scope_of},
    begin::unavailable,
};
use crate::ports::ItemOutcome;

pub(super) const NAME: &str = "work-through-the-list";

/// Items that are marked as asked and then asked for together.
const BATCH: u16 = 60;

/// How long one call works before the run sleeps for a moment, so that other runs get their turn.
const TURN: SignedDuration = SignedDuration::from_secs(15);

/// Works through the list, batch by batch, as often as it takes.
pub(super) struct Work {
    pub(super) ports: Ports,
    pub(super) params: ChangeParams,
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
        let turn_ends = later(ctx.now(), TURN);
        let batch = Batch::of(ctx, &self.ports, &self.params);
        // An account that wants to be left alone does not keep the others waiting.
        let mut busy: BTreeMap<Scope, String> = BTreeMap::new();
        let mut progressed = false;
        loop {
            // What was asked has its answer written: here it is safe to stop.
            ctx.check_cancelled()?;
            let left_alone: Vec<Scope> = busy.keys().cloned().collect();
            let items = self
                .ports
                .items
                .open(self.params.list, BATCH, &left_alone)
                .await
                .map_err(unavailable)?;
            if items.is_empty() {
                return self.turn_ended(ctx, &busy, progressed).await;
            }
            let numbers: Vec<u32> = items.iter().map(|item| item.number).collect();
            self.ports
                .items
                .ask(self.params.list, &numbers, ctx.now())
                .await
                .map_err(unavailable)?;
            let scopes: HashMap<u32, Scope> = items
                .iter()
                .map(|item| (item.number, scope_of(item)))
                .collect();
            let answers = batch.ask(items).await?;
            for (number, answer) in &answers {
                match (answer, scopes.get(number)) {
                    (Answer::Later { message, .. }, Some(scope)) => {
                        busy.entry(scope.clone()).or_insert_with(|| message.clone());
                    }
                    (Answer::Later { .. }, None) => {}
                    (Answer::Ended { .. }, _) => progressed = true,
                }
            }
            self.write(ctx, answers).await?;
            let sums = self.sums().await?;
            let words = sums.words(self.params.action);
            ctx.progress(Some(sums.percent()), words.clone());
            if ctx.now() >= turn_ends {
                let soon = later(ctx.now(), SignedDuration::from_millis(100));
                return Ok(StepOutcome::wait(soon, words)
                    .percent(sums.percent())
                    .into());
            }
        }
    }

    /// Each turn is short; the deadline of a step is for one that hangs.
    fn deadline(&self) -> Option<SignedDuration> {
        Some(SignedDuration::from_mins(15))
    }
}

impl Work {
    /// Nothing is left that may be asked for now.
    async fn turn_ended(
        &self,
        ctx: &StepCtx,
        busy: &BTreeMap<Scope, String>,
        progressed: bool,
    ) -> Result<StepOutcome, StepError> {
        let sums = self.sums().await?;
        let Some((scope, message)) = busy.first_key_value() else {
            return StepOutcome::done_with(sums);
        };
        let words = format!(
            "{}; {} {} does not take more now: {message}",
            sums.words(self.params.action),
            scope.account,
            scope.region
        );
        if !progressed {
            // It may pass, and is waited for as long as it takes.
            return Err(StepError::retryable(words));
        }
        let soon = later(ctx.now(), SignedDuration::from_secs(1));
        Ok(StepOutcome::wait(soon, words)
            .percent(sums.percent())
            .into())
    }

    /// Writes what became of a batch.
    async fn write(&self, ctx: &StepCtx, answers: Vec<(u32, Answer)>) -> Result<(), StepError> {
        let mut outcomes = Vec::with_capacity(answers.len());
        for (number, answer) in answers {
            let outcome = |state, message, request_id| ItemOutcome {
                number,
                state,
                message,
                request_id,
                job: None,
                made: None,
            };
            match answer {
                Answer::Ended {
                    state,
                    message,
                    request_id,
                } => outcomes.push(outcome(state, message, request_id)),
                // It surely had no effect: it counts as never asked for. Otherwise it stays asked,
                // since the effect may be there.
                Answer::Later {
                    known: true,
                    message,
                } => outcomes.push(outcome(ItemState::Pending, Some(message), None)),
                Answer::Later { known: false, .. } => {}
            }
        }
        self.ports
            .items
            .record(self.params.list, &outcomes, ctx.now())
            .await
            .map_err(unavailable)
    }

    async fn sums(&self) -> Result<Sums, StepError> {
        let counts = self.ports.items.counts(self.params.list).await;
        Ok(Sums::of(&counts.map_err(unavailable)?))
    }
}

fn later(now: Timestamp, pause: SignedDuration) -> Timestamp {
    now.checked_add(pause).unwrap_or(now)
}
