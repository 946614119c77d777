use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tidemark_services::accounts::{self, AddAccount};

use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tidemark accounts add 123456789012 --alias orders-prod --regions eu-west-1,eu-central-1\n  tidemark accounts add --csv accounts.csv --preview"
)]
pub(crate) struct Options {
    /// Account id: 12 digits
    #[arg(required_unless_present = "csv", conflicts_with = "csv")]
    account: Option<String>,
    /// Name for people
    #[arg(long, required_unless_present = "csv", conflicts_with = "csv")]
    alias: Option<String>,
    /// Regions, separated by commas
    #[arg(long, required_unless_present = "csv", conflicts_with = "csv")]
    regions: Option<String>,
    /// ARN of the role to assume; role/TidemarkAccess of the account by default
    #[arg(long, default_value = "", value_name = "ARN", conflicts_with = "csv")]
    role: String,
    /// What the role is made for beside reading: all, none, or some of backup, restore-table, restore-point,
    /// restore-records, put-back, points, copy-points, plans, records, buckets, copy-objects, dumps
    #[arg(long, default_value = "", value_name = "NAMES", conflicts_with = "csv")]
    features: String,
    /// Register the accounts of a file whose first line names the columns account, alias, regions and, where they are
    /// wanted, role and features
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Say what the file would do, and do nothing
    #[arg(long, requires = "csv")]
    preview: bool,
    /// Register what is right in the file, though something is wrong
    #[arg(long, requires = "csv")]
    skip_wrong: bool,
}

/// Registers the account and shows its external id, this once.
pub(super) async fn run(global: &Global, options: Options) -> Result<Outcome, CliError> {
    if let Some(file) = &options.csv {
        return super::enrol::run(global, file, options.preview, options.skip_wrong).await;
    }
    let console = global.console().await?;
    let form = AddAccount {
        account: options.account.unwrap_or_default(),
        alias: options.alias.unwrap_or_default(),
        role: options.role,
        regions: options.regions.unwrap_or_default(),
        features: options.features,
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
