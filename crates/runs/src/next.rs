//! What a run does next: a pure function of its log.

use jiff::{SignedDuration, Timestamp};
use tidemark_domain::runs::{
    Always, CompensationCause, Outcome, RunState, RunView, StepState, StepView,
};

/// What to do next. Steps are given by their place in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing: it has ended, or waits for an approval.
    Nothing,
    /// Carry out the step, or go on with it.
    Work(usize),
    /// Begin to undo.
    Compensate(CompensationCause),
    /// Undo the step, or go on undoing it.
    Undo(usize),
    /// End.
    Finish(Outcome),
}

pub(crate) fn next(view: &RunView) -> Next {
    if view.state.is_terminal() {
        return Next::Nothing;
    }
    match &view.compensation {
        None => forward(view),
        Some(cause) => backward(view, cause),
    }
}

fn forward(view: &RunView) -> Next {
    if view.cancel.is_some() {
        return Next::Compensate(CompensationCause::Cancelled);
    }
    if view.state == RunState::AwaitingApproval {
        return Next::Nothing;
    }
    let open = view
        .steps
        .iter()
        .position(|step| !step.is_warning() && !is_done(step));
    match open.map(|at| (at, &view.steps[at])) {
        None if view.warnings().next().is_some() => Next::Finish(Outcome::SucceededWithWarnings),
        None => Next::Finish(Outcome::Succeeded),
        Some((_, step)) if step.state == StepState::Failed => {
            Next::Compensate(CompensationCause::StepFailed(step.name.clone()))
        }
        Some((at, _)) => Next::Work(at),
    }
}

fn backward(view: &RunView, cause: &CompensationCause) -> Next {
    let to_run = |step: &StepView| {
        is_armed(view, &step.always)
            && !matches!(
                step.state,
                StepState::Succeeded | StepState::Skipped | StepState::Failed
            )
    };
    if let Some(at) = view.steps.iter().position(to_run) {
        return Next::Work(at);
    }
    // What AWS has finished is kept.
    let sealed = view
        .steps
        .iter()
        .rposition(|step| step.seals && is_done(step));
    let first = sealed.map_or(0, |at| at + 1);
    let to_undo = |step: &StepView| {
        step.has_undo
            && step.work.has_started()
            && !matches!(
                step.state,
                StepState::Skipped | StepState::Undone | StepState::UndoFailed
            )
    };
    if let Some(at) = view.steps[first..].iter().rposition(to_undo) {
        return Next::Undo(first + at);
    }
    let clean = view.steps.iter().all(|step| match step.state {
        StepState::UndoFailed => false,
        StepState::Failed => step.always.is_no() || step.is_warning(),
        _ => true,
    });
    Next::Finish(match cause {
        CompensationCause::Cancelled if clean => Outcome::Cancelled,
        _ => Outcome::Failed,
    })
}

/// Until when the step at this place may be worked on, and the step that then has to run: the first of those that always run
/// after it, that have been armed, and that bear no longer wait.
pub(crate) fn limit(view: &RunView, at: usize) -> Option<(Timestamp, &StepView)> {
    if view.compensation.is_some() || !view.steps.get(at)?.always.is_no() {
        return None;
    }
    let later = view.steps[at + 1..].iter().filter(|step| !is_done(step));
    later
        .filter_map(|step| {
            let Always::OnceStarted(name) = &step.always else {
                return None;
            };
            let at_most = SignedDuration::from_secs(i64::from(step.at_most_seconds?));
            let since = view.step(name)?.work.started_at?;
            Some((since.checked_add(at_most).unwrap_or(Timestamp::MAX), step))
        })
        .min_by_key(|(until, _)| *until)
}

fn is_done(step: &StepView) -> bool {
    matches!(step.state, StepState::Succeeded | StepState::Skipped)
}

fn is_armed(view: &RunView, always: &Always) -> bool {
    match always {
        Always::No => false,
        Always::Yes => view.steps.iter().any(|step| step.work.has_started()),
        Always::OnceStarted(name) => view.step(name).is_some_and(|step| step.work.has_started()),
    }
}
