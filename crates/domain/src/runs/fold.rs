//! The fold of a log into a view. It is total: any sequence of events gives a view, also a cut
//! or a damaged one.

use super::{
    Activity, Always, CancelRequest, NoteView, OnFailure, Outcome, RunEvent, RunEventKind,
    RunState, RunView, SleepReason, StepError, StepErrorKind, StepPlan, StepState, StepView,
};

impl RunView {
    /// The state after all of `events`.
    pub fn fold<'a>(events: impl IntoIterator<Item = &'a RunEvent>) -> Self {
        let mut view = Self::default();
        for event in events {
            view.apply(event);
        }
        view
    }

    /// The state after one more event. An event that is already folded in changes nothing, so
    /// that overlapping deliveries do no harm.
    pub fn apply(&mut self, event: &RunEvent) {
        if event.seq <= self.seq {
            return;
        }
        self.seq = event.seq;
        match &event.kind {
            RunEventKind::Created {
                run_kind,
                params_version,
                creator,
                reason,
                labels,
                steps,
                awaiting_approval,
            } => {
                self.kind.clone_from(run_kind);
                self.params_version = *params_version;
                self.creator.clone_from(creator);
                self.reason.clone_from(reason);
                self.labels = labels.clone();
                self.steps = steps.iter().cloned().map(StepView::new).collect();
                self.created_at = Some(event.at);
                self.state = if *awaiting_approval {
                    RunState::AwaitingApproval
                } else {
                    RunState::Queued
                };
            }
            RunEventKind::Approved { by } => {
                self.approved_by = Some(by.clone());
                self.state = RunState::Queued;
            }
            RunEventKind::Rejected { by, .. } => self.rejected_by = Some(by.clone()),
            RunEventKind::CancelRequested { by, reason } => {
                self.cancel = Some(CancelRequest {
                    by: by.clone(),
                    reason: reason.clone(),
                    at: event.at,
                });
            }
            RunEventKind::CompensationStarted { cause } => {
                self.compensation = Some(cause.clone());
                self.go(RunState::Compensating);
            }
            RunEventKind::Finished { outcome, summary } => {
                self.outcome = Some(*outcome);
                self.summary = summary.clone();
                self.finished_at = Some(event.at);
                self.go(match outcome {
                    Outcome::Succeeded => RunState::Succeeded,
                    Outcome::SucceededWithWarnings => RunState::SucceededWithWarnings,
                    Outcome::PartlyFailed => RunState::PartlyFailed,
                    Outcome::Failed => RunState::Failed,
                    Outcome::Cancelled => RunState::Cancelled,
                });
            }
            RunEventKind::Note { level, text } => {
                if self.notes.len() >= Self::MAX_NOTES {
                    self.notes.remove(0);
                }
                self.notes.push(NoteView {
                    at: event.at,
                    level: *level,
                    text: text.clone(),
                });
            }
            RunEventKind::StepStarted { .. }
            | RunEventKind::StepProgress { .. }
            | RunEventKind::StepSucceeded { .. }
            | RunEventKind::StepFailed { .. }
            | RunEventKind::StepSkipped { .. }
            | RunEventKind::Sleeping { .. } => self.apply_step(event),
            RunEventKind::AlarmRaised { step, error, .. } => {
                let activity = self.step_mut(step).current_mut();
                activity.alarmed_at = Some(event.at);
                activity.error = Some(error.clone());
            }
            RunEventKind::UndoStarted { .. }
            | RunEventKind::UndoSucceeded { .. }
            | RunEventKind::UndoFailed { .. } => self.apply_undo(event),
        }
    }

    fn apply_step(&mut self, event: &RunEvent) {
        match &event.kind {
            RunEventKind::StepStarted { step, attempt } => {
                let step = self.step_mut(step);
                step.state = StepState::Running;
                step.work.start(*attempt, event.at);
                self.started_at.get_or_insert(event.at);
                self.go(self.active_state());
            }
            RunEventKind::StepProgress {
                step,
                progress,
                detail,
            } => {
                let activity = self.step_mut(step).current_mut();
                activity.progress.clone_from(progress);
                activity.detail.clone_from(detail);
            }
            RunEventKind::StepSucceeded { step, output } => {
                let step = self.step_mut(step);
                step.state = StepState::Succeeded;
                step.output = output.clone();
                step.work.succeed(event.at);
                self.go(self.active_state());
            }
            RunEventKind::StepFailed {
                step,
                error,
                will_retry,
            } => {
                let step = self.step_mut(step);
                step.state = if *will_retry {
                    StepState::Retrying
                } else {
                    StepState::Failed
                };
                step.work.fail(event.at, error, *will_retry);
                if !will_retry && step.on_failure.is_undo() {
                    self.blame(error);
                }
                self.go(self.active_state());
            }
            RunEventKind::StepSkipped { step, why } => {
                let step = self.step_mut(step);
                step.state = StepState::Skipped;
                step.skipped = Some(why.clone());
                step.work.succeed(event.at);
                self.go(self.active_state());
            }
            RunEventKind::Sleeping {
                step,
                until,
                reason,
                progress,
                memo,
            } => {
                if *reason == SleepReason::Wait {
                    let step = self.step_mut(step);
                    if step.undo.has_started() {
                        step.state = StepState::Undoing;
                    } else {
                        step.state = StepState::Waiting;
                    }
                    step.current_mut().sleep(progress, memo.as_ref());
                }
                self.state = if self.compensation.is_some() {
                    RunState::Compensating
                } else {
                    RunState::Sleeping
                };
                self.wake_at = Some(*until);
            }
            _ => {}
        }
    }

    fn apply_undo(&mut self, event: &RunEvent) {
        match &event.kind {
            RunEventKind::UndoStarted { step, attempt } => {
                let step = self.step_mut(step);
                step.state = StepState::Undoing;
                step.undo.start(*attempt, event.at);
            }
            RunEventKind::UndoSucceeded { step } => {
                let step = self.step_mut(step);
                step.state = StepState::Undone;
                step.undo.succeed(event.at);
            }
            RunEventKind::UndoFailed {
                step,
                error,
                will_retry,
            } => {
                let step = self.step_mut(step);
                step.state = if *will_retry {
                    StepState::Undoing
                } else {
                    StepState::UndoFailed
                };
                step.undo.fail(event.at, error, *will_retry);
                if !will_retry {
                    self.blame(error);
                }
            }
            _ => {}
        }
        self.go(self.active_state());
    }

    /// Keeps the first error that the run could not get past. Having stopped on request is none.
    fn blame(&mut self, error: &StepError) {
        if error.kind != StepErrorKind::Cancelled {
            self.error.get_or_insert_with(|| error.clone());
        }
    }

    /// Moves to `state`, awake.
    fn go(&mut self, state: RunState) {
        self.state = state;
        self.wake_at = None;
    }

    /// The state of a run that is being worked on.
    fn active_state(&self) -> RunState {
        if self.compensation.is_some() {
            RunState::Compensating
        } else {
            RunState::Running
        }
    }

    /// The step of that name; a log that names a step which was never planned gets one.
    fn step_mut(&mut self, name: &str) -> &mut StepView {
        let at = self
            .steps
            .iter()
            .position(|step| step.name == name)
            .unwrap_or_else(|| {
                self.steps.push(StepView::new(StepPlan {
                    name: name.to_owned(),
                    title: name.to_owned(),
                    undo: false,
                    always: Always::No,
                    on_failure: OnFailure::default(),
                    seals: false,
                    at_most_seconds: None,
                }));
                self.steps.len() - 1
            });
        &mut self.steps[at]
    }
}

impl StepView {
    fn current_mut(&mut self) -> &mut Activity {
        if self.undo.has_started() {
            &mut self.undo
        } else {
            &mut self.work
        }
    }
}
