use clap::Args;
use tidemark_services::users;

use super::{
    Named,
    list::{HEADINGS, row},
};
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark users show anna")]
pub(crate) struct Options {
    #[command(flatten)]
    user: Named,
}

/// Shows a user.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let user = users::get(console.services(), &console.caller, &options.user.name).await?;
    let now = console.services().clock.now();
    global
        .output()
        .table(&user, HEADINGS, |user| vec![row(user, now)])?;
    Ok(Outcome::Done)
}
