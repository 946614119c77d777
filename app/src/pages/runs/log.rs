use leptos::prelude::*;
use tidemark_domain::runs::{
    CompensationCause, NoteLevel, Outcome, RunEvent, RunEventKind, RunView,
};

use crate::components::{Moment, Style};

/// The log of a run, newest first.
pub(super) fn log(events: &[RunEvent], view: &RunView) -> impl IntoView + use<> {
    let lines = events
        .iter()
        .rev()
        .map(|event| {
            let (tone, text) = words(&event.kind, view);
            let at = event.at;
            view! {
                <li class="log-line" data-tone=tone>
                    <Moment at style=Style::Exact/> " " <span>{text}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="log">{lines}</ol> }
}

/// An event in words, and whether it is good or bad.
#[expect(clippy::too_many_lines, reason = "a sentence for every kind of event")]
fn words(kind: &RunEventKind, view: &RunView) -> (&'static str, String) {
    let title = |name: &str| {
        view.step(name)
            .map_or_else(|| name.to_owned(), |step| step.title.clone())
    };
    let because = |reason: &str| {
        if reason.is_empty() {
            String::new()
        } else {
            format!(": {reason}")
        }
    };
    match kind {
        RunEventKind::Created {
            creator, reason, ..
        } => (
            "neutral",
            format!("{creator} asked for it{}", because(reason)),
        ),
        RunEventKind::Approved { by } => ("good", format!("{by} approved it")),
        RunEventKind::Rejected { by, reason } => {
            ("bad", format!("{by} refused it{}", because(reason)))
        }
        RunEventKind::StepStarted { step, attempt: 1 } => {
            ("neutral", format!("{}: started", title(step)))
        }
        RunEventKind::StepStarted { step, attempt } => (
            "neutral",
            format!("{}: started again, attempt {attempt}", title(step)),
        ),
        RunEventKind::StepProgress { step, progress, .. } => {
            let percent = progress
                .percent
                .map(|p| format!("{p} % "))
                .unwrap_or_default();
            (
                "neutral",
                format!("{}: {percent}{}", title(step), progress.message),
            )
        }
        RunEventKind::StepSucceeded { step, .. } => ("good", format!("{}: done", title(step))),
        RunEventKind::StepFailed {
            step,
            error,
            will_retry,
        } => {
            let next = if *will_retry {
                " It is tried again."
            } else {
                ""
            };
            ("bad", format!("{}: {}{next}", title(step), error.message))
        }
        RunEventKind::StepSkipped { step, why } => {
            ("neutral", format!("{}: not needed, {why}", title(step)))
        }
        RunEventKind::Sleeping { step, progress, .. } => {
            let what = if progress.message.is_empty() {
                "waits for AWS"
            } else {
                &progress.message
            };
            ("neutral", format!("{}: {what}", title(step)))
        }
        RunEventKind::AlarmRaised { step, error, .. } => (
            "bad",
            format!(
                "{}: has not come further for long: {}",
                title(step),
                error.message
            ),
        ),
        RunEventKind::CancelRequested { by, reason } => {
            ("warn", format!("{by} asked it to stop{}", because(reason)))
        }
        RunEventKind::CompensationStarted { cause } => {
            let why = match cause {
                CompensationCause::StepFailed(step) => format!("{} failed", title(step)),
                CompensationCause::Cancelled => "it was cancelled".to_owned(),
            };
            ("warn", format!("What was done is undone, because {why}"))
        }
        RunEventKind::UndoStarted { step, .. } => {
            ("warn", format!("{}: being undone", title(step)))
        }
        RunEventKind::UndoSucceeded { step } => ("neutral", format!("{}: undone", title(step))),
        RunEventKind::UndoFailed { step, error, .. } => (
            "bad",
            format!("{}: could not be undone: {}", title(step), error.message),
        ),
        RunEventKind::Finished { outcome, .. } => match outcome {
            Outcome::Succeeded => ("good", "Finished: everything is done".to_owned()),
            Outcome::SucceededWithWarnings => (
                "warn",
                "Finished: what was asked for is there, but something is missing".to_owned(),
            ),
            Outcome::PartlyFailed => ("bad", "Finished: some of it failed".to_owned()),
            Outcome::Failed => ("bad", "Finished: it failed".to_owned()),
            Outcome::Cancelled => ("neutral", "Finished: it was cancelled".to_owned()),
        },
        RunEventKind::Note { level, text } => {
            let tone = if *level == NoteLevel::Warning {
                "warn"
            } else {
                "neutral"
            };
            (tone, text.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use tidemark_domain::runs::StepError;

    use super::*;

    #[test]
    fn a_failure_that_is_tried_again_says_so() {
        let kind = RunEventKind::StepFailed {
            step: "restore".into(),
            error: StepError::retryable("AWS is busy."),
            will_retry: true,
        };
        let (tone, text) = words(&kind, &RunView::default());
        assert_eq!(
            (tone, text.as_str()),
            ("bad", "restore: AWS is busy. It is tried again.")
        );
    }
}
