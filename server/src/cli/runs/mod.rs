mod cancel;
mod list;
mod show;
mod watch;

use clap::Subcommand;
use tidemark_domain::runs::RunId;

use super::{CliError, Global, Outcome};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Runs, newest first
    List(list::Options),
    /// A run's steps
    Show(show::Options),
    /// Follow a run until it ends
    Watch(watch::Options),
    /// Ask a run to stop; what it did is undone
    Cancel(cancel::Options),
}

pub(super) async fn run(global: &Global, command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::List(options) => list::run(global, &options).await,
        Command::Show(options) => show::run(global, &options).await,
        Command::Watch(options) => watch::run(global, &options).await,
        Command::Cancel(options) => cancel::run(global, &options).await,
    }
}

fn id(text: &str) -> Result<RunId, CliError> {
    text.parse()
        .map_err(|error: tidemark_domain::runs::ParseRunIdError| CliError::Usage(error.to_string()))
}
