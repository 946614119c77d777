//! Dumps of commands. With an account the console's roles and audit log are used; without one no database is needed.

mod command;
mod get;
mod list;
mod place;
mod put;

use clap::Subcommand;

use super::{CliError, Global, Outcome};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Store what a command writes, while it writes it
    Put(put::Options),
    /// Bring a dump back, to standard output or into a command
    Get(get::Options),
    /// Dumps in a bucket, and uploads that were not finished
    List(list::Options),
}

pub(super) async fn run(global: &Global, command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::Put(options) => put::run(global, &options).await,
        Command::Get(options) => get::run(global, &options).await,
        Command::List(options) => list::run(global, &options).await,
    }
}
