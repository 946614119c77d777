use clap::Args;
use tidemark_domain::Role;
use tidemark_services::users::{self, AddUser};

use super::once;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark users add anna --role operator")]
pub(crate) struct Options {
    /// Login name: 2 to 64 letters, digits and _.@+-
    name: String,
    /// viewer, owner, operator, admin or auditor
    #[arg(long)]
    role: String,
}

/// Adds a user and shows the password for the first sign-in, this once.
pub(super) async fn run(global: &Global, options: Options) -> Result<Outcome, CliError> {
    let role: Role = options.role.parse()?;
    let console = global.console().await?;
    let form = AddUser {
        name: options.name,
        role,
    };
    let new = users::add(console.services(), &console.caller, &form).await?;
    let what = format!("Added {} as {}.", new.user.name, role.as_str());
    once(global, &new, &what)
}
