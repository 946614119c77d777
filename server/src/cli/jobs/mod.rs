mod causes;
mod list;

use clap::Subcommand;

use super::{CliError, Global, Outcome};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Jobs of the last 30 days, newest first
    List(list::Options),
    /// Why jobs failed, by AWS's own words
    Causes(causes::Options),
}

pub(super) async fn run(global: &Global, command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::List(options) => list::run(global, &options).await,
        Command::Causes(options) => causes::run(global, &options).await,
    }
}
