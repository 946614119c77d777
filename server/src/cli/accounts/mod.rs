mod add;
mod check;
mod list;
mod template;

use clap::Subcommand;

use super::{CliError, Global, Outcome};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Register an account
    Add(add::Options),
    /// Registered accounts and how fresh what is known of them is
    List(list::Options),
    /// Try every link of the way into an account
    Check(check::Options),
    /// The `CloudFormation` template that makes the roles in an account
    Template(template::Options),
}

pub(super) async fn run(global: &Global, command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::Add(options) => add::run(global, options).await,
        Command::List(options) => list::run(global, &options).await,
        Command::Check(options) => check::run(global, &options).await,
        Command::Template(options) => template::run(global, &options).await,
    }
}
