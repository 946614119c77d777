use clap::Args;
use tidemark_domain::Role;
use tidemark_services::users;

use super::Named;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark users role anna operator")]
pub(crate) struct Options {
    #[command(flatten)]
    user: Named,
    /// viewer, owner, operator, admin or auditor
    role: String,
}

/// Gives a user another role.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let role: Role = options.role.parse()?;
    let console = global.console().await?;
    let name = &options.user.name;
    let user = users::change_role(console.services(), &console.caller, name, role).await?;
    global.output().text(&user, |user| {
        format!(
            "{} is {} now. Where they were signed in as something else, they are signed out.",
            user.name,
            user.role.as_str()
        )
    })?;
    Ok(Outcome::Done)
}
