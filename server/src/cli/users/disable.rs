use clap::Args;
use tidemark_services::users;

use super::Named;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark users disable anna")]
pub(crate) struct Options {
    #[command(flatten)]
    user: Named,
}

/// Lets a user sign in no more.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let name = &options.user.name;
    let user = users::disable(console.services(), &console.caller, name).await?;
    global.output().text(&user, |user| {
        format!("{} is disabled, and signed out everywhere.", user.name)
    })?;
    Ok(Outcome::Done)
}
