use clap::Args;
use tidemark_services::runs::{self, RunDetail};

use super::id;
use crate::cli::{CliError, Global, Outcome, output::time};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark runs show 01936b2e-7c1f-7e07-8a0d-6f2f3c0a5b11")]
pub(crate) struct Options {
    /// Id of the run
    run: String,
}

/// Shows a run and its steps.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let detail = runs::get(console.services(), &console.caller, id(&options.run)?).await?;
    global.output().table(
        &detail,
        &["STEP", "STATE", "DONE", "BEGUN", "ENDED", "WHAT"],
        rows,
    )?;
    Ok(Outcome::Done)
}

fn rows(detail: &RunDetail) -> Vec<Vec<String>> {
    detail
        .view
        .steps
        .iter()
        .map(|step| {
            let work = step.current();
            let what = match (&work.error, &step.skipped) {
                (Some(error), _) => error.message.clone(),
                (None, Some(why)) => why.clone(),
                (None, None) => work.progress.message.clone(),
            };
            vec![
                step.title.clone(),
                step.state.to_string(),
                work.progress
                    .percent
                    .map_or_else(|| "-".to_owned(), |p| format!("{p}%")),
                time(work.started_at),
                time(work.finished_at),
                what,
            ]
        })
        .collect()
}
