//! What a step knows and may do while it is called.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tidemark_domain::runs::{
    Activity, NoteLevel, Progress, Run, RunId, RunLabels, StepError, StepErrorKind,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{Clock, token::token};

/// What a step knows and may do while it is called.
pub struct StepCtx {
    pub(crate) run: Arc<Run>,
    pub(crate) step: String,
    pub(crate) attempt: u32,
    pub(crate) outputs: Arc<BTreeMap<String, Value>>,
    pub(crate) own: Option<Activity>,
    pub(crate) work: Activity,
    pub(crate) conflicts: Arc<BTreeSet<String>>,
    pub(crate) failures: Arc<BTreeMap<String, StepError>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) cancel: CancellationToken,
    pub(crate) sink: Arc<Sink>,
}

/// What a step has said and the log does not hold yet. Only the latest progress counts, so that a
/// step may report as often as it likes.
#[derive(Default)]
pub(crate) struct Sink {
    said: Mutex<Said>,
    pub(crate) news: Notify,
}

#[derive(Default)]
pub(crate) struct Said {
    pub(crate) progress: Option<(Progress, Option<Value>)>,
    pub(crate) notes: Vec<(NoteLevel, String)>,
}

impl Sink {
    fn say(&self, say: impl FnOnce(&mut Said)) {
        say(&mut self.said.lock().unwrap_or_else(PoisonError::into_inner));
        self.news.notify_one();
    }

    pub(crate) fn take(&self) -> Said {
        std::mem::take(&mut self.said.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl StepCtx {
    /// The run.
    pub fn run_id(&self) -> RunId {
        self.run.id
    }

    /// The step's name.
    pub fn step(&self) -> &str {
        &self.step
    }

    /// How often this step, or its undo, has been begun, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The run's parameters.
    pub fn params<T: DeserializeOwned>(&self) -> Result<T, StepError> {
        read(&self.run.params, "The run's parameters")
    }

    /// What an earlier step left: an error when it is not done or was skipped.
    pub fn output<T: DeserializeOwned>(&self, step: &str) -> Result<T, StepError> {
        self.find_output(step)?.ok_or_else(|| {
            StepError::permanent(format!("The step {step:?} has left nothing to go on with"))
        })
    }

    /// What a step left, if it is done. In an undo, the step's own output is among them.
    pub fn find_output<T: DeserializeOwned>(&self, step: &str) -> Result<Option<T>, StepError> {
        self.outputs
            .get(step)
            .map(|output| read(output, "An earlier step's output"))
            .transpose()
    }

    /// What the last [`crate::Wait`] in this direction asked to remember.
    pub fn memo<T: DeserializeOwned>(&self) -> Result<Option<T>, StepError> {
        self.own
            .as_ref()
            .and_then(|own| own.memo.as_ref())
            .map(|memo| read(memo, "What the step remembered"))
            .transpose()
    }

    /// In an undo: what the last [`crate::Wait`] of the work asked to remember, such as the id of
    /// a job to stop.
    pub fn work_memo<T: DeserializeOwned>(&self) -> Result<Option<T>, StepError> {
        self.work
            .memo
            .as_ref()
            .map(|memo| read(memo, "What the step remembered"))
            .transpose()
    }

    /// The detail of the last progress that reached the log, also that of an earlier attempt:
    /// where to go on after a crash.
    pub fn last_detail<T: DeserializeOwned>(&self) -> Result<Option<T>, StepError> {
        self.own
            .as_ref()
            .and_then(|own| own.detail.as_ref())
            .map(|detail| read(detail, "The step's last progress"))
            .transpose()
    }

    /// A token that is the same each time this step of this run is called, 36 characters in the
    /// form of a UUID: for `IdempotencyToken`, `ClientToken` and names.
    pub fn token(&self) -> String {
        self.token_for("")
    }

    /// The same for a step that makes several calls, each with a purpose of its own.
    pub fn token_for(&self, purpose: &str) -> String {
        token(self.run.id, &self.step, purpose)
    }

    /// When this step, or its undo, was first begun.
    pub fn began_at(&self) -> Timestamp {
        self.own
            .as_ref()
            .and_then(|own| own.started_at)
            .unwrap_or_else(|| self.now())
    }

    /// When the step was first begun, also in its undo: from then on its effect may be there.
    pub fn work_began_at(&self) -> Timestamp {
        self.work.started_at.unwrap_or_else(|| self.created_at())
    }

    /// In an undo: whether the step was tried once, and refused for good. Nothing of it can be there then, not even
    /// where it cannot be seen yet; of a step that was tried more often, an answer may have been lost.
    pub fn was_refused(&self) -> bool {
        let work = &self.work;
        let refused = work
            .error
            .as_ref()
            .is_some_and(|error| !error.is_retryable() && error.kind != StepErrorKind::Cancelled);
        work.attempts <= 1 && work.interruptions == 0 && !work.running && !work.waiting && refused
    }

    /// Whether that step of the run was tried once, and refused with a conflict: it had no effect then.
    pub fn was_in_conflict(&self, step: &str) -> bool {
        self.conflicts.contains(step)
    }

    /// Why that step of the run failed for good, and the run went on without it.
    pub fn failure(&self, step: &str) -> Option<&StepError> {
        self.failures.get(step)
    }

    /// This call as it looks from a part of the run whose steps have `prefix` before their own names: they find one another
    /// by these. Tokens stay those of the whole name, so that no two parts have the same.
    #[must_use]
    pub fn of_part(&self, prefix: &str) -> Self {
        let own = |name: &String| name.strip_prefix(prefix).map(str::to_owned);
        Self {
            run: Arc::clone(&self.run),
            step: self.step.clone(),
            attempt: self.attempt,
            outputs: Arc::new(
                self.outputs
                    .iter()
                    .filter_map(|(name, output)| Some((own(name)?, output.clone())))
                    .collect(),
            ),
            own: self.own.clone(),
            work: self.work.clone(),
            conflicts: Arc::new(self.conflicts.iter().filter_map(own).collect()),
            failures: Arc::new(
                self.failures
                    .iter()
                    .filter_map(|(name, error)| Some((own(name)?, error.clone())))
                    .collect(),
            ),
            clock: Arc::clone(&self.clock),
            cancel: self.cancel.clone(),
            sink: Arc::clone(&self.sink),
        }
    }

    /// For how long this step, or its undo, has been failing in a way that may pass; zero while it
    /// comes further.
    pub fn failing_for(&self) -> SignedDuration {
        let since = self.own.as_ref().and_then(|own| own.failing_since);
        since.map_or(SignedDuration::ZERO, |since| {
            self.now().duration_since(since)
        })
    }

    /// The present time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Who asked for the run.
    pub fn creator(&self) -> &str {
        &self.run.creator
    }

    /// Who asked for the run, as STS takes it for `SourceIdentity` and `RoleSessionName`: 2 to 64
    /// characters of `[\w+=,.@-]`.
    pub fn source_identity(&self) -> String {
        let mut text: String = self
            .run
            .creator
            .chars()
            .map(|c| match c {
                c if c.is_ascii_alphanumeric() || "_+=,.@-".contains(c) => c,
                _ => '-',
            })
            .take(64)
            .collect();
        while text.len() < 2 {
            text.push('-');
        }
        text
    }

    /// When the run was asked for.
    pub fn created_at(&self) -> Timestamp {
        self.run.created_at
    }

    /// Why the run was asked for; may be empty.
    pub fn reason(&self) -> &str {
        &self.run.reason
    }

    /// Where the run takes place.
    pub fn labels(&self) -> &RunLabels {
        &self.run.labels
    }

    /// Whether the run was asked to stop. Never in an undo or in a step that runs always.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Returns once the run is asked to stop.
    pub async fn cancelled(&self) {
        self.cancel.cancelled().await;
    }

    /// For `?` in a long step: an error once the run is asked to stop.
    pub fn check_cancelled(&self) -> Result<(), StepError> {
        if self.is_cancelled() {
            return Err(StepError::cancelled());
        }
        Ok(())
    }

    /// Tells how far the step has come. Cheap: the latest word is written every half second.
    pub fn progress(&self, percent: Option<u8>, message: impl Into<String>) {
        self.report(percent, message.into(), None);
    }

    /// The same with figures beside the message; see [`StepCtx::last_detail`].
    pub fn progress_with(&self, percent: Option<u8>, message: impl Into<String>, detail: Value) {
        self.report(percent, message.into(), Some(detail));
    }

    fn report(&self, percent: Option<u8>, message: String, detail: Option<Value>) {
        let progress = Progress {
            percent: percent.map(|percent| percent.min(100)),
            message,
        };
        self.sink
            .say(|said| said.progress = Some((progress, detail)));
    }

    /// Writes a line to the run's log.
    pub fn note(&self, level: NoteLevel, text: impl Into<String>) {
        let text = text.into();
        self.sink.say(|said| said.notes.push((level, text)));
    }
}

fn read<T: DeserializeOwned>(value: &Value, what: &str) -> Result<T, StepError> {
    T::deserialize(value)
        .map_err(|error| StepError::permanent(format!("{what} could not be read: {error}")))
}
