mod bucket;

use clap::Subcommand;

use super::{CliError, Global, Outcome};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Who else may use a bucket
    #[command(subcommand)]
    Bucket(bucket::Command),
}

pub(super) async fn run(global: &Global, command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::Bucket(command) => bucket::run(global, command).await,
    }
}
