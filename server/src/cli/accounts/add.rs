use clap::Args;
use serde_json::json;
use tidemark_services::accounts::{self, AddAccount};

use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark accounts add 123456789012 --alias orders-prod --regions eu-west-1,eu-central-1"
)]
pub(crate) struct Options {
    /// Account id: 12 digits
    account: String,
    /// Name for people
    #[arg(long)]
    alias: String,
    /// Regions, separated by commas
    #[arg(long)]
    regions: String,
    /// ARN of the role to assume; role/TidemarkAccess of the account by default
    #[arg(long, default_value = "", value_name = "ARN")]
    role: String,
}

/// Registers the account and shows its external id, this once.
pub(super) async fn run(global: &Global, options: Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let form = AddAccount {
        account: options.account,
        alias: options.alias,
        role: options.role,
        regions: options.regions,
    };
    let account = accounts::add(console.services(), &console.caller, &form).await?;
    let connection = &account.connection;
    let value = json!({
        "account": connection.account,
        "alias": account.alias,
        "role": connection.role,
        "external_id": connection.external_id,
        "regions": account.regions,
    });
    global.output().text(&value, |_| {
        format!(
            "Registered {} ({}).\nRole:        {}\nExternal id: {}\n\n\
             Next: make the roles there, then check the way in:\n  \
             tidemark accounts template {} > roles.json\n  \
             aws cloudformation deploy --template-file roles.json --stack-name tidemark \\\n    \
             --capabilities CAPABILITY_NAMED_IAM\n  \
             tidemark accounts check {}",
            account.alias,
            connection.account,
            connection.role,
            connection.external_id,
            connection.account,
            connection.account,
        )
    })?;
    Ok(Outcome::Done)
}
