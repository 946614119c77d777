use clap::Args;
use tidemark_domain::{AccountId, Features, Invalid};
use tidemark_services::accounts::{self, TemplateRequest};

use crate::cli::{CliError, Global, Outcome, output::line};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tidemark accounts template 123456789012 > roles.json\n  tidemark accounts template --all --format terraform > roles.tf\n  tidemark accounts template 123456789012 --features backup,restore-table"
)]
pub(crate) struct Options {
    /// Account ids: 12 digits each
    accounts: Vec<String>,
    /// One template that serves every registered account
    #[arg(long, conflicts_with = "accounts")]
    all: bool,
    /// cloudformation, terraform or json
    #[arg(long, default_value = "cloudformation")]
    format: String,
    /// What the roles are made for, if not what the accounts are registered with: all, none, or some of backup,
    /// restore-table, restore-point, restore-records, put-back, points, copy-points, plans, records, buckets, copy-objects, dumps
    #[arg(long, value_name = "NAMES")]
    features: Option<String>,
}

/// Writes the template, external ids included.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    if options.accounts.is_empty() && !options.all {
        return Err(
            Invalid::new("accounts", "must be named, or all be asked for with --all").into(),
        );
    }
    let request = TemplateRequest {
        accounts: options
            .accounts
            .iter()
            .map(AccountId::parse)
            .collect::<Result<_, _>>()?,
        format: options.format.parse()?,
        features: options
            .features
            .as_deref()
            .map(Features::parse)
            .transpose()?,
    };
    let console = global.console().await?;
    let own = console.wired.console_account().await?;
    line(&accounts::template(console.services(), &console.caller, &request, &own).await?)?;
    Ok(Outcome::Done)
}
