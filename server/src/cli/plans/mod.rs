mod apply;
mod export;
mod file;
mod known;
mod lint;
mod next;
mod simulate;

use clap::Subcommand;

use super::{CliError, Global, Outcome};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The next moments at which a schedule fires
    Next(next::Options),
    /// What is wrong with the plans of a file
    Lint(lint::Options),
    /// What the plan of a file makes of a resource, day by day
    Simulate(simulate::Options),
    /// Write a plan in another form
    Export(export::Options),
    /// Make the plan of a file, or change the one of its name
    Apply(apply::Options),
}

pub(super) async fn run(global: &Global, command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::Next(options) => next::run(global, &options),
        Command::Lint(options) => lint::run(global, &options).await,
        Command::Simulate(options) => simulate::run(global, &options),
        Command::Export(options) => export::run(global, &options).await,
        Command::Apply(options) => apply::run(global, &options).await,
    }
}
