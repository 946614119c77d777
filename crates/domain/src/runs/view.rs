//! A run as its log tells it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Activity, Alarm, Always, CancelRequest, CompensationCause, NoteLevel, OnFailure, Outcome,
    Progress, RunHead, RunLabels, RunState, StepError, StepPlan, StepState,
};

/// A step as the log tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    /// The stable name, unique in the run.
    pub name: String,
    /// The name for people.
    pub title: String,
    /// Whether the step can be undone.
    pub has_undo: bool,
    /// Whether it runs whatever happens.
    pub always: Always,
    /// What its failure means for the run.
    #[serde(default)]
    pub on_failure: OnFailure,
    /// Whether nothing before it is undone any more once it is done.
    #[serde(default)]
    pub seals: bool,
    /// For how long at most the run works on what lies between the step that arms this one, and this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most_seconds: Option<u32>,
    /// Where it stands.
    pub state: StepState,
    /// Carrying it out.
    pub work: Activity,
    /// Undoing it.
    pub undo: Activity,
    /// What it left for later steps.
    #[serde(default)]
    pub output: Value,
    /// Why it was skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
}

impl StepView {
    /// A step that has not begun.
    pub fn new(plan: StepPlan) -> Self {
        Self {
            name: plan.name,
            title: plan.title,
            has_undo: plan.undo,
            always: plan.always,
            on_failure: plan.on_failure,
            seals: plan.seals,
            at_most_seconds: plan.at_most_seconds,
            state: StepState::Pending,
            work: Activity::default(),
            undo: Activity::default(),
            output: Value::Null,
            skipped: None,
        }
    }

    /// Whether it failed for good without making the run fail: something is missing.
    pub fn is_warning(&self) -> bool {
        self.state == StepState::Failed && !self.on_failure.is_undo()
    }

    /// The work that is going on or was last: the undo once that has begun.
    pub fn current(&self) -> &Activity {
        if self.undo.has_started() {
            &self.undo
        } else {
            &self.work
        }
    }
}

/// A note of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteView {
    /// When it was written.
    pub at: Timestamp,
    /// How much it matters.
    pub level: NoteLevel,
    /// What it says.
    pub text: String,
}

/// The state of a run: a fold over its events.
///
/// ```
/// use tidemark_domain::runs::{RunState, RunView};
///
/// assert_eq!(RunView::fold(&[]).state, RunState::Queued);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    /// The name of its kind.
    pub kind: String,
    /// The version of the parameters' layout.
    pub params_version: u32,
    /// Who asked for it.
    pub creator: String,
    /// Why; may be empty.
    pub reason: String,
    /// Where it takes place.
    pub labels: RunLabels,
    /// Where it stands.
    pub state: RunState,
    /// Its steps in order.
    pub steps: Vec<StepView>,
    /// The last notes of its log, oldest first; at most [`RunView::MAX_NOTES`].
    pub notes: Vec<NoteView>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// Who refused to approve it.
    pub rejected_by: Option<String>,
    /// The request to stop, once there is one.
    pub cancel: Option<CancelRequest>,
    /// Why it undoes what it did, once it does.
    pub compensation: Option<CompensationCause>,
    /// The error that ended it.
    pub error: Option<StepError>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What its kind says about the result.
    pub summary: Value,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// When its first step began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// When it goes on, while it sleeps.
    pub wake_at: Option<Timestamp>,
    /// The sequence number of the last event that was folded in; 0 for none.
    pub seq: u64,
}

impl RunView {
    /// How many notes a view keeps; the log keeps them all.
    pub const MAX_NOTES: usize = 200;

    /// The step of that name.
    pub fn step(&self, name: &str) -> Option<&StepView> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// The step that is being carried out, waited for or undone.
    pub fn current_step(&self) -> Option<&StepView> {
        self.steps.iter().find(|step| {
            matches!(
                step.state,
                StepState::Running | StepState::Waiting | StepState::Retrying | StepState::Undoing
            )
        })
    }

    /// Steps that could not be undone: something is left behind.
    pub fn leftovers(&self) -> impl Iterator<Item = &StepView> {
        self.steps
            .iter()
            .filter(|step| step.state == StepState::UndoFailed)
    }

    /// Steps that failed without making the run fail: what is missing.
    pub fn warnings(&self) -> impl Iterator<Item = &StepView> {
        self.steps.iter().filter(|step| step.is_warning())
    }

    /// Since when the present step fails in a way that may pass, and why.
    pub fn trouble(&self) -> Option<(Timestamp, &StepError)> {
        let activity = self.current_step()?.current();
        Some((activity.failing_since?, activity.error.as_ref()?))
    }

    /// Why somebody should look at the run.
    pub fn alarm(&self) -> Option<Alarm> {
        if self.state.is_terminal() {
            return None;
        }
        let activity = self.current_step()?.current();
        activity.alarmed_at?;
        Some(Alarm {
            since: activity.failing_since?,
            message: activity.error.as_ref()?.message.clone(),
        })
    }

    /// How far the whole run has come: the share of steps done, counting the present step's part.
    pub fn progress(&self) -> Progress {
        let message = self
            .current_step()
            .map(|step| match &step.current().progress.message {
                message if message.is_empty() => step.title.clone(),
                message => message.clone(),
            })
            .unwrap_or_default();
        let message = match self.trouble() {
            Some((since, error)) => format!(
                "Cannot go on since {}: {error}",
                since.strftime("%Y-%m-%d %H:%M:%S UTC")
            ),
            None => message,
        };
        Progress {
            percent: self.percent(),
            message,
        }
    }

    fn percent(&self) -> Option<u8> {
        let total = u64::try_from(self.steps.len()).ok().filter(|n| *n > 0)?;
        let done: u64 = self
            .steps
            .iter()
            .map(|step| match step.state {
                StepState::Succeeded | StepState::Skipped | StepState::Undone => 100,
                StepState::Failed if step.is_warning() => 100,
                StepState::Running | StepState::Waiting | StepState::Retrying => {
                    u64::from(step.work.progress.percent.unwrap_or(0).min(100))
                }
                _ => 0,
            })
            .sum();
        u8::try_from(done / total).ok()
    }

    /// The part of the run's row that follows from the log. `now` is when a run that neither
    /// sleeps nor has ended may be taken by a worker.
    pub fn head(&self, now: Timestamp) -> RunHead {
        let wake_at = match self.state {
            RunState::Succeeded
            | RunState::SucceededWithWarnings
            | RunState::PartlyFailed
            | RunState::Failed
            | RunState::Cancelled
            | RunState::AwaitingApproval => None,
            RunState::Sleeping | RunState::Compensating => Some(self.wake_at.unwrap_or(now)),
            RunState::Queued | RunState::Running => Some(now),
        };
        RunHead {
            state: self.state,
            wake_at,
            started_at: self.started_at,
            finished_at: self.finished_at,
            progress: self.progress(),
            cancel_seen: self.cancel.is_some(),
            alarm: self.alarm(),
        }
    }
}
