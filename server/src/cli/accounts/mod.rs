mod add;
mod check;
mod enrol;
mod list;
mod remove;
mod rotate;
mod template;

use clap::Subcommand;

use super::{CliError, Global, Outcome};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Register an account, or those of a file
    Add(add::Options),
    /// Registered accounts and how fresh what is known of them is
    List(list::Options),
    /// Try every link of the way into accounts, and ask what their roles may do
    Check(check::Options),
    /// The template that makes the roles in accounts: `CloudFormation`, Terraform or JSON
    Template(template::Options),
    /// Change the external id of an account without a gap
    Rotate(rotate::Options),
    /// Say what stays behind when an account is removed, and remove it
    Remove(remove::Options),
}

pub(super) async fn run(global: &Global, command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::Add(options) => add::run(global, options).await,
        Command::List(options) => list::run(global, &options).await,
        Command::Check(options) => check::run(global, &options).await,
        Command::Template(options) => template::run(global, &options).await,
        Command::Rotate(options) => rotate::run(global, &options).await,
        Command::Remove(options) => remove::run(global, &options).await,
    }
}
