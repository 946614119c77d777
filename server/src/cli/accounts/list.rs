use clap::Args;
use tidemark_domain::AccountSummary;
use tidemark_services::accounts;

use crate::cli::{CliError, Global, Outcome, output::time};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark accounts list --output json")]
pub(crate) struct Options {}

/// Lists the accounts, one row per Region.
pub(super) async fn run(global: &Global, _: &Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let accounts = accounts::list(console.services(), &console.caller).await?;
    let now = console.services().clock.now();
    global.output().table(
        &accounts,
        &[
            "ACCOUNT",
            "ALIAS",
            "REGION",
            "STATE",
            "LAST SYNC",
            "RESOURCES",
            "PROTECTED",
            "WHY",
        ],
        |accounts| {
            accounts
                .iter()
                .flat_map(|account| rows(account, now))
                .collect()
        },
    )?;
    Ok(Outcome::Done)
}

fn rows(account: &AccountSummary, now: jiff::Timestamp) -> Vec<Vec<String>> {
    account
        .scopes
        .iter()
        .map(|scope| {
            vec![
                account.account.to_string(),
                account.alias.clone(),
                scope.scope.region.to_string(),
                scope.health(now).as_str().to_owned(),
                time(scope.last_success),
                account.resources.to_string(),
                account.protected.to_string(),
                scope
                    .error
                    .as_ref()
                    .map(|e| e.message.clone())
                    .unwrap_or_default(),
            ]
        })
        .collect()
}
