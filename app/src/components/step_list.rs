use leptos::prelude::*;
use tidemark_domain::runs::{StepError, StepState, StepView};

use super::{Badge, ProgressBar, Tone};
use crate::format::span;

/// The steps of a run: what is done, what is going on and how far, what failed and why.
#[component]
pub(crate) fn StepList(
    /// The steps in order.
    steps: Vec<StepView>,
) -> impl IntoView {
    let items = steps.into_iter().map(step).collect_view();
    view! { <ol class="steps">{items}</ol> }
}

fn step(step: StepView) -> impl IntoView {
    let (tone, word) = state(step.state);
    let activity = step.current().clone();
    let active = matches!(
        step.state,
        StepState::Running | StepState::Waiting | StepState::Undoing | StepState::Retrying
    );
    let progress = (active && activity.progress.percent.is_some()).then(|| {
        let percent = activity.progress.percent;
        view! {
            <ProgressBar percent=Signal::stored(percent) label="Progress of this step"/>
            <span class="step-percent">{percent.map(|p| format!("{p} %"))}</span>
        }
    });
    let message = match (&step.skipped, active) {
        (Some(why), _) => Some(why.clone()),
        (None, true) => Some(activity.progress.message.clone()),
        (None, false) => None,
    }
    .filter(|text| !text.is_empty())
    .map(|text| view! { <p class="step-message">{text}</p> });
    let took = match (activity.started_at, activity.finished_at) {
        (Some(from), Some(until)) => u64::try_from(until.as_second() - from.as_second())
            .ok()
            .map(|seconds| view! { <span class="step-took">{span(seconds)}</span> }),
        _ => None,
    };
    let tries = (activity.attempts > 1 && step.state == StepState::Retrying).then(
        || view! { <span class="step-took">{format!("attempt {}", activity.attempts)}</span> },
    );
    let error = activity
        .error
        .filter(|_| step.state != StepState::Succeeded)
        .map(failure);
    let current = active.then_some("step");
    view! {
        <li class="step" data-tone=tone.as_str() data-state=step.state.as_str() aria-current=current>
            <div class="step-line">
                <span class="step-title">{step.title}</span>
                <Badge tone text=word/>
                {progress}
                {took}
                {tries}
            </div>
            {message}
            {error}
        </li>
    }
}

fn failure(error: StepError) -> impl IntoView {
    let guidance = error.guidance.map(|text| view! { <p>{text}</p> });
    let detail = error.detail.map(|detail| {
        view! { <p class="step-detail"><code>{detail.to_string()}</code></p> }
    });
    view! {
        <div class="step-error">
            <p>{error.message}</p>
            {guidance}
            {detail}
        </div>
    }
}

fn state(state: StepState) -> (Tone, &'static str) {
    match state {
        StepState::Pending => (Tone::Neutral, "pending"),
        StepState::Running => (Tone::Busy, "running"),
        StepState::Waiting => (Tone::Busy, "waiting for AWS"),
        StepState::Retrying => (Tone::Warn, "trying again"),
        StepState::Succeeded => (Tone::Good, "done"),
        StepState::Failed => (Tone::Bad, "failed"),
        StepState::Skipped => (Tone::Neutral, "not needed"),
        StepState::Undoing => (Tone::Warn, "undoing"),
        StepState::Undone => (Tone::Neutral, "undone"),
        StepState::UndoFailed => (Tone::Bad, "could not be undone"),
    }
}
