use clap::Args;
use serde_json::json;
use tidemark_domain::AccountId;
use tidemark_services::accounts;

use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark accounts rotate 123456789012")]
pub(crate) struct Options {
    /// Account id: 12 digits
    account: String,
    /// Give up a new external id that still waits for the role to take it
    #[arg(long)]
    give_up: bool,
}

/// Makes a new external id, which the template names beside the old one.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let id = AccountId::parse(&options.account)?;
    let console = global.console().await?;
    let (services, caller) = (console.services(), &console.caller);
    let account = accounts::rotate(services, caller, &id, options.give_up).await?;
    let value = json!({
        "account": id,
        "alias": account.alias,
        "rotating_since": account.pending.as_ref().map(|pending| pending.since),
    });
    global.output().text(&value, |_| match &account.pending {
        Some(_) => format!(
            "A new external id of {} waits for the role to take it. Nothing is interrupted:\n  \
             1. Apply the template, which names the old one and the new one:\n     \
             tidemark accounts template {id} > roles.json\n  \
             2. The worker tries the new one every minute, and forgets the old one once it gets in.\n  \
             3. Apply the template once more: it names the new one alone.",
            account.alias
        ),
        None => format!(
            "The new external id of {} is given up; the old one counts.",
            account.alias
        ),
    })?;
    Ok(Outcome::Done)
}
