use clap::Args;
use tidemark_services::users;

use super::Named;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark users enable anna")]
pub(crate) struct Options {
    #[command(flatten)]
    user: Named,
}

/// Lets a disabled user sign in again.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let name = &options.user.name;
    let user = users::enable(console.services(), &console.caller, name).await?;
    global.output().text(&user, |user| {
        format!(
            "{} can sign in again, with the password that they had.",
            user.name
        )
    })?;
    Ok(Outcome::Done)
}
