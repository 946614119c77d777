use clap::Args;
use tidemark_services::sets::{self, SetRun};

use crate::cli::{CliError, Global, Outcome, output::time};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark set status mediation")]
pub(crate) struct Options {
    /// Name of the set
    name: String,
}

/// Shows the newest backups and restores of a set, the last one first.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let runs = sets::runs(console.services(), &console.caller, &options.name).await?;
    global.output().table(
        &runs,
        &["RUN", "WHAT", "STATE", "BEGUN", "ENDED", "BY", "MEMBERS"],
        |runs: &Vec<SetRun>| rows(runs),
    )?;
    Ok(Outcome::Done)
}

fn rows(runs: &[SetRun]) -> Vec<Vec<String>> {
    runs.iter()
        .map(|run| {
            let members: Vec<String> = run
                .members
                .iter()
                .map(|member| format!("{} {}", member.member, member.status))
                .collect();
            vec![
                run.run.to_string(),
                run.kind.clone(),
                run.state.to_string(),
                time(Some(run.created_at)),
                time(run.finished_at),
                run.creator.clone(),
                members.join(", "),
            ]
        })
        .collect()
}
