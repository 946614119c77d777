use clap::Args;
use tidemark_services::users;

use super::Named;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark users unlock anna")]
pub(crate) struct Options {
    #[command(flatten)]
    user: Named,
}

/// Forgets a user's wrong passwords.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let name = &options.user.name;
    let user = users::unlock(console.services(), &console.caller, name).await?;
    global.output().text(&user, |user| {
        format!("The wrong passwords of {} are forgotten.", user.name)
    })?;
    Ok(Outcome::Done)
}
