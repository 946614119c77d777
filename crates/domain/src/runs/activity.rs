//! How carrying out a step, or undoing it, has gone so far.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Progress, StepError};

/// The work of one step in one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Activity {
    /// How often it was begun.
    pub attempts: u32,
    /// Retryable failures in a row since it last came further.
    pub failures: u32,
    /// Since when it fails in a way that may pass; none while it comes further.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
    /// When an alarm was raised over that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alarmed_at: Option<Timestamp>,
    /// How often in a row a worker began it and was not heard of again.
    pub interruptions: u32,
    /// Whether a worker has begun it and not yet told how it went.
    pub running: bool,
    /// Whether it has begun something outside and is to look at it again.
    pub waiting: bool,
    /// What it wants to know when it looks again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memo: Option<Value>,
    /// When it was first begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended, well or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// How far it has come.
    pub progress: Progress,
    /// Figures beside the progress, as the step defines them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Value>,
    /// Its last error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<StepError>,
}

impl Activity {
    /// Whether a worker ever began it, so that it may have had an effect.
    pub const fn has_started(&self) -> bool {
        self.attempts > 0
    }

    pub(super) fn start(&mut self, attempt: u32, at: Timestamp) {
        if self.running {
            self.interruptions = self.interruptions.saturating_add(1);
        }
        self.running = true;
        self.attempts = self.attempts.saturating_add(1).max(attempt);
        self.started_at.get_or_insert(at);
        self.finished_at = None;
    }

    pub(super) fn sleep(&mut self, progress: &Progress, memo: Option<&Value>) {
        self.waiting = true;
        self.come_further();
        self.progress.clone_from(progress);
        self.memo = memo.cloned();
    }

    pub(super) fn succeed(&mut self, at: Timestamp) {
        self.finished_at = Some(at);
        self.waiting = false;
        self.come_further();
        self.progress.percent = Some(100);
    }

    pub(super) fn fail(&mut self, at: Timestamp, error: &StepError, will_retry: bool) {
        self.failures = self.failures.saturating_add(1);
        self.interruptions = 0;
        self.running = false;
        self.error = Some(error.clone());
        if will_retry {
            self.failing_since.get_or_insert(at);
        } else {
            self.finished_at = Some(at);
            self.failing_since = None;
            self.alarmed_at = None;
        }
    }

    /// Whatever kept it from coming further is over.
    fn come_further(&mut self) {
        self.running = false;
        self.failures = 0;
        self.interruptions = 0;
        self.failing_since = None;
        self.alarmed_at = None;
        self.error = None;
    }
}
