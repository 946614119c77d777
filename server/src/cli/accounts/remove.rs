use clap::Args;
use serde_json::json;
use tidemark_domain::AccountId;
use tidemark_services::accounts;

use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tidemark accounts remove 123456789012\n  tidemark accounts remove 123456789012 --confirm 123456789012"
)]
pub(crate) struct Options {
    /// Account id: 12 digits
    account: String,
    /// The account id again; without it, only what stays behind is said
    #[arg(long, value_name = "ACCOUNT")]
    confirm: Option<String>,
}

/// Says what stays behind, and forgets the account where that is confirmed.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let id = AccountId::parse(&options.account)?;
    let confirmed = match &options.confirm {
        Some(again) if again.trim() == id.as_str() => true,
        Some(_) => {
            return Err(
                tidemark_domain::Invalid::new("confirmation", "must be the account id").into(),
            );
        }
        None => false,
    };
    let console = global.console().await?;
    let (services, caller) = (console.services(), &console.caller);
    let leaving = accounts::leaving(services, caller, &id).await?;
    if confirmed {
        accounts::remove(services, caller, &id).await?;
    }
    let value = json!({"removed": confirmed, "leaving": leaving});
    global.output().text(&value, |_| {
        let lines: Vec<String> = leaving
            .sentences()
            .into_iter()
            .map(|line| format!("- {line}"))
            .collect();
        let head = if confirmed {
            format!("Account {id} is removed from the console. Nothing in AWS has changed:")
        } else {
            format!("If account {id} is removed from the console (repeat with --confirm {id}):")
        };
        format!("{head}\n{}", lines.join("\n"))
    })?;
    Ok(Outcome::Done)
}
