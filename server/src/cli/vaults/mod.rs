mod change;
mod create;
mod delete;
mod list;
mod lock;
mod policy;
mod unlock;

use clap::Subcommand;

use super::{CliError, Global, Outcome};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Vaults with their locks and what lies in them, by name
    List(list::Options),
    /// Create a vault: first what is created, then the run
    Create(create::Options),
    /// Change a vault's access policy: first the difference, then the run
    Policy(policy::Options),
    /// Lock a vault: first the rehearsal, then the run
    Lock(lock::Options),
    /// Remove a lock that can still be changed
    Unlock(unlock::Options),
    /// Delete an empty vault
    Delete(delete::Options),
}

pub(super) async fn run(global: &Global, command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::List(options) => list::run(global, &options).await,
        Command::Create(options) => create::run(global, &options).await,
        Command::Policy(options) => policy::run(global, &options).await,
        Command::Lock(options) => lock::run(global, &options).await,
        Command::Unlock(options) => unlock::run(global, &options).await,
        Command::Delete(options) => delete::run(global, &options).await,
    }
}
