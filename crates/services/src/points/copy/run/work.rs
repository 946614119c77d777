use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{
    Scope,
    change::{ItemState, RunItem},
    runs::StepError,
};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{
    CopyPointsParams, Ports,
    ask::{Answer, Asker, scope_of},
    begin::unavailable,
    sums::Sums,
};
use crate::{ports::ItemOutcome, runs::next_look};

pub(super) const NAME: &str = "copy";

/// Items that are marked as asked and then asked for together.
const BATCH: u16 = 60;

/// How many copy jobs an account and Region has under way. AWS's quota is 100 concurrent copies of an account to a
/// destination Region ("AWS Backup quotas"); more would only be refused.
const UNDER_WAY: u64 = 100;

/// How long one call works before the run sleeps for a moment, so that other runs get their turn.
const TURN: SignedDuration = SignedDuration::from_secs(15);

/// Starts copy jobs and looks at them, as often as it takes.
pub(super) struct Work {
    pub(super) ports: Ports,
    pub(super) params: CopyPointsParams,
}

/// What one turn has seen.
#[derive(Default)]
struct Turn {
    /// An account and Region that does not take more now, and what it says.
    busy: BTreeMap<Scope, String>,
    /// A job was named, or one has ended, or one is seen under way.
    heard: bool,
    /// Time is over.
    over: bool,
    /// When the first of the jobs that are under way was named.
    oldest: Option<Timestamp>,
}

impl Turn {
    fn take(&mut self, scope: Option<&Scope>, answer: &Answer) {
        match (answer, scope) {
            (Answer::Later { message, .. }, Some(scope)) => {
                let busy = self.busy.entry(scope.clone());
                busy.or_insert_with(|| message.clone());
            }
            (Answer::Later { .. }, None) => {}
            _ => self.heard = true,
        }
    }
}

#[async_trait]
impl Step for Work {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> String {
        format!(
            "Copy {} recovery points into vault {}",
            self.params.points,
            self.params
                .destination
                .resource()
                .trim_start_matches("backup-vault:")
        )
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let turn_ends = later(ctx.now(), TURN);
        let asker = Asker::of(ctx, &self.ports, &self.params);
        let mut turn = Turn::default();
        self.look(ctx, &asker, turn_ends, &mut turn).await?;
        self.start(ctx, &asker, turn_ends, &mut turn).await?;
        let sums = self.sums().await?;
        if sums.under_way + sums.open == 0 {
            return StepOutcome::done_with(sums);
        }
        let mut words = sums.words();
        if let Some((scope, message)) = turn.busy.first_key_value() {
            words = format!(
                "{words}; {} {} does not take or say more now: {message}",
                scope.account, scope.region
            );
        }
        if !turn.heard && !turn.busy.is_empty() {
            // It may pass, and is waited for as long as it takes.
            return Err(StepError::retryable(words));
        }
        let now = ctx.now();
        let next = if turn.over {
            later(now, SignedDuration::from_millis(100))
        } else {
            next_look(now, turn.oldest.unwrap_or(now))
        };
        Ok(StepOutcome::wait(next, words)
            .percent(sums.percent())
            .into())
    }

    /// Each turn is short; the deadline of a step is for one that hangs.
    fn deadline(&self) -> Option<SignedDuration> {
        Some(SignedDuration::from_mins(15))
    }
}

impl Work {
    /// Looks at every job that is under way.
    async fn look(
        &self,
        ctx: &StepCtx,
        asker: &Asker<'_>,
        turn_ends: Timestamp,
        turn: &mut Turn,
    ) -> Result<(), StepError> {
        let mut after = None;
        loop {
            ctx.check_cancelled()?;
            let list = self.params.list;
            let items = self.ports.items.under_way(list, after, BATCH).await;
            let items = items.map_err(unavailable)?;
            let Some(end) = items.last() else {
                return Ok(());
            };
            after = Some(end.number);
            let began: HashMap<u32, Option<Timestamp>> =
                items.iter().map(|item| (item.number, item.at)).collect();
            let scopes = scopes(&items);
            let answers = asker.look(items).await?;
            for (number, answer) in &answers {
                turn.take(scopes.get(number), answer);
                if matches!(answer, Answer::UnderWay) {
                    let at = began.get(number).copied().flatten();
                    turn.oldest = match (turn.oldest, at) {
                        (Some(oldest), Some(at)) => Some(oldest.min(at)),
                        (oldest, at) => oldest.or(at),
                    };
                }
            }
            self.write(ctx, answers).await?;
            self.tell(ctx).await?;
            if ctx.now() >= turn_ends {
                turn.over = true;
                return Ok(());
            }
        }
    }

    /// Starts as many jobs as there is room for.
    async fn start(
        &self,
        ctx: &StepCtx,
        asker: &Asker<'_>,
        turn_ends: Timestamp,
        turn: &mut Turn,
    ) -> Result<(), StepError> {
        while !turn.over {
            // What was asked has its answer written: here it is safe to stop.
            ctx.check_cancelled()?;
            let items = self.next(turn).await?;
            if items.is_empty() {
                return Ok(());
            }
            let numbers: Vec<u32> = items.iter().map(|item| item.number).collect();
            let marked = self.ports.items.ask(self.params.list, &numbers, ctx.now());
            marked.await.map_err(unavailable)?;
            let scopes = scopes(&items);
            let answers = asker.start(items).await?;
            for (number, answer) in &answers {
                turn.take(scopes.get(number), answer);
                if matches!(answer, Answer::Named { .. }) {
                    turn.oldest = turn.oldest.or_else(|| Some(ctx.now()));
                }
            }
            self.write(ctx, answers).await?;
            self.tell(ctx).await?;
            turn.over = ctx.now() >= turn_ends;
        }
        Ok(())
    }

    /// The next points, of accounts and Regions that have room.
    async fn next(&self, turn: &Turn) -> Result<Vec<RunItem>, StepError> {
        let list = self.params.list;
        let mut jobs = self
            .ports
            .items
            .jobs_under_way(list)
            .await
            .map_err(unavailable)?;
        let full = jobs.iter().filter(|(_, jobs)| **jobs >= UNDER_WAY);
        let mut except: Vec<Scope> = full.map(|(scope, _)| scope.clone()).collect();
        except.extend(turn.busy.keys().cloned());
        let items = self.ports.items.open(list, BATCH, &except).await;
        let mut items = items.map_err(unavailable)?;
        items.retain(|item| {
            let jobs = jobs.entry(scope_of(item)).or_insert(0);
            *jobs += 1;
            // What was asked for may have its job already.
            item.state == ItemState::Asked || *jobs <= UNDER_WAY
        });
        Ok(items)
    }

    /// Writes what became of a batch.
    async fn write(&self, ctx: &StepCtx, answers: Vec<(u32, Answer)>) -> Result<(), StepError> {
        let outcomes: Vec<ItemOutcome> = answers
            .into_iter()
            .filter_map(|(number, answer)| outcome(number, answer))
            .collect();
        self.ports
            .items
            .record(self.params.list, &outcomes, ctx.now())
            .await
            .map_err(unavailable)
    }

    async fn tell(&self, ctx: &StepCtx) -> Result<(), StepError> {
        let sums = self.sums().await?;
        ctx.progress(Some(sums.percent()), sums.words());
        Ok(())
    }

    async fn sums(&self) -> Result<Sums, StepError> {
        let counts = self.ports.items.counts(self.params.list).await;
        Ok(Sums::of(&counts.map_err(unavailable)?))
    }
}

/// What is written of an answer; nothing where nothing is new.
fn outcome(number: u32, answer: Answer) -> Option<ItemOutcome> {
    let asked = ItemOutcome {
        number,
        state: ItemState::Asked,
        message: None,
        request_id: None,
        job: None,
        made: None,
    };
    match answer {
        Answer::Named { job } => Some(ItemOutcome {
            job: Some(job),
            ..asked
        }),
        Answer::Ended {
            state,
            message,
            request_id,
            made,
        } => Some(ItemOutcome {
            state,
            message,
            request_id,
            made,
            ..asked
        }),
        // It surely had no effect: it counts as never asked for. Otherwise it stays asked, since there may be a job.
        Answer::Later {
            known: true,
            message,
        } => Some(ItemOutcome {
            state: ItemState::Pending,
            message: Some(message),
            ..asked
        }),
        Answer::Later { known: false, .. } | Answer::UnderWay => None,
    }
}

fn scopes(items: &[RunItem]) -> HashMap<u32, Scope> {
    items
        .iter()
        .map(|item| (item.number, scope_of(item)))
        .collect()
}

fn later(now: Timestamp, pause: SignedDuration) -> Timestamp {
    now.checked_add(pause).unwrap_or(now)
}
