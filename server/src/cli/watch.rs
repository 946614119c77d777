//! Following a run on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tidemark_domain::runs::{Outcome as RunOutcome, RunEvent, RunEventKind, RunId, RunView};
use tidemark_services::runs;

use super::{
    CliError, Console, Outcome, Output,
    output::{line, time},
};

const POLL: Duration = Duration::from_millis(500);

/// Shows what happens until the run ends: a bar for people, one JSON event per line for machines.
pub(crate) async fn follow(
    console: &Console,
    id: RunId,
    output: Output,
) -> Result<Outcome, CliError> {
    let bar = if output.is_lively() {
        bar()
    } else {
        ProgressBar::hidden()
    };
    let mut view = RunView::default();
    loop {
        let events = runs::events(console.services(), &console.caller, id, view.seq).await?;
        for event in &events {
            view.apply(event);
            if output.is_json() {
                let json = serde_json::to_string(event)
                    .map_err(|error| CliError::machine("an event could not be written", error))?;
                line(&json)?;
            } else if let Some(text) = sentence(&view, event) {
                let text = format!("{}  {text}", time(Some(event.at)));
                if bar.is_hidden() {
                    line(&text)?;
                } else {
                    bar.println(text);
                }
            }
        }
        let progress = view.progress();
        bar.set_position(u64::from(progress.percent.unwrap_or(0)));
        bar.set_message(progress.message);
        if let Some(outcome) = view.outcome {
            bar.finish_and_clear();
            return Ok(match outcome {
                RunOutcome::Succeeded => Outcome::Done,
                RunOutcome::SucceededWithWarnings
                | RunOutcome::PartlyFailed
                | RunOutcome::Failed
                | RunOutcome::Cancelled => Outcome::Failed,
            });
        }
        tokio::time::sleep(POLL).await;
    }
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {bar:40} {pos:>3}% {elapsed} {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(100).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// What an event says to a person; none for those that only move the bar.
fn sentence(view: &RunView, event: &RunEvent) -> Option<String> {
    let title = |name: &str| {
        view.step(name)
            .map_or_else(|| name.to_owned(), |s| s.title.clone())
    };
    match &event.kind {
        RunEventKind::Created {
            run_kind, creator, ..
        } => Some(format!("The {run_kind} was asked for by {creator}")),
        RunEventKind::StepSucceeded { step, .. } => Some(format!("{}: done", title(step))),
        RunEventKind::StepSkipped { step, why } => Some(format!("{}: skipped, {why}", title(step))),
        RunEventKind::StepFailed {
            step,
            error,
            will_retry,
        } => Some(format!(
            "{}: {error}{}",
            title(step),
            if *will_retry {
                "; it is tried again"
            } else {
                ""
            }
        )),
        RunEventKind::CancelRequested { by, .. } => Some(format!("{by} asked it to stop")),
        RunEventKind::CompensationStarted { .. } => Some("What was done is undone".to_owned()),
        RunEventKind::UndoSucceeded { step } => Some(format!("{}: undone", title(step))),
        RunEventKind::UndoFailed { step, error, .. } => {
            Some(format!("{}: could not be undone, {error}", title(step)))
        }
        RunEventKind::Note { text, .. } => Some(text.clone()),
        RunEventKind::AlarmRaised { step, error, since } => Some(format!(
            "{}: cannot go on since {}: {error}; it keeps trying",
            title(step),
            time(Some(*since))
        )),
        RunEventKind::Finished { .. } => {
            let state = view.state.as_str().replace('_', " ");
            Some(format!("The run {state}"))
        }
        _ => None,
    }
}
