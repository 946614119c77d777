use clap::Args;
use tidemark_domain::{AccountCheck, AccountId};
use tidemark_services::accounts;

use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark accounts check 123456789012")]
pub(crate) struct Options {
    /// Account id: 12 digits
    account: String,
}

/// Checks the way in; fails when a link is broken.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let account = AccountId::parse(&options.account)?;
    let console = global.console().await?;
    let check = accounts::check(console.services(), &console.caller, &account).await?;
    global
        .output()
        .table(&check, &["LINK", "STATE", "FOUND", "FIX"], rows)?;
    Ok(if check.passed() {
        Outcome::Done
    } else {
        Outcome::Failed
    })
}

fn rows(check: &AccountCheck) -> Vec<Vec<String>> {
    check
        .links
        .iter()
        .map(|link| {
            vec![
                link.name.clone(),
                link.verdict.as_str().to_owned(),
                link.detail.clone(),
                link.fix.clone(),
            ]
        })
        .collect()
}
