use clap::Args;
use tidemark_domain::AccountId;
use tidemark_services::accounts;

use crate::cli::{CliError, Global, Outcome, output::line};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark accounts template 123456789012 > roles.json")]
pub(crate) struct Options {
    /// Account id: 12 digits
    account: String,
}

/// Writes the template, external id included.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let account = AccountId::parse(&options.account)?;
    let console = global.console().await?;
    let own = console.wired.console_account().await?;
    line(&accounts::template(console.services(), &console.caller, &account, &own).await?)?;
    Ok(Outcome::Done)
}
