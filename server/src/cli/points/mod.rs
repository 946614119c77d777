mod change;
mod copy;
mod filter;
mod list;

use clap::Subcommand;

use super::{CliError, Global, Outcome};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Recovery points, newest first
    List(list::Options),
    /// Delete all that match, or those named: first the plan, then the run
    Delete(change::Delete),
    /// Change how long all that match, or those named, are kept
    Keep(change::Keep),
    /// Copy all that match, or those named, into another vault: first the plan, then the run
    Copy(copy::Copy),
}

pub(super) async fn run(global: &Global, command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::List(options) => list::run(global, &options).await,
        Command::Delete(options) => change::delete(global, &options).await,
        Command::Keep(options) => change::keep(global, &options).await,
        Command::Copy(options) => copy::run(global, &options).await,
    }
}
