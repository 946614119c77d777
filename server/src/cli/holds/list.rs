use clap::Args;
use tidemark_domain::{
    AccountId, Page, Region,
    vaults::{HoldFilter, HoldRow},
};
use tidemark_services::holds;

use crate::cli::{CliError, Global, Outcome, output::time};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark holds list --account 123456789012 --active true")]
pub(crate) struct Options {
    /// Part of title or description
    #[arg(long)]
    text: Option<String>,
    /// Only holds of this account
    #[arg(long)]
    account: Option<String>,
    /// Only holds of this Region
    #[arg(long)]
    region: Option<String>,
    /// Only holds that keep something, or only the others
    #[arg(long)]
    active: Option<bool>,
    /// How many: 1 to 200
    #[arg(long, default_value_t = 50)]
    limit: u16,
    /// `next` of the page before
    #[arg(long)]
    cursor: Option<String>,
}

/// Lists legal holds.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let filter = HoldFilter {
        text: options.text.clone(),
        account: options
            .account
            .as_deref()
            .map(AccountId::parse)
            .transpose()?,
        region: options.region.as_deref().map(Region::parse).transpose()?,
        active: options.active,
        cursor: options.cursor.clone(),
        limit: Some(options.limit),
    };
    let console = global.console().await?;
    let page = holds::list(console.services(), &console.caller, &filter).await?;
    global.output().table(
        &page,
        &[
            "ID", "TITLE", "STATUS", "POINTS", "CREATED", "ACCOUNT", "REGION",
        ],
        |page: &Page<HoldRow>| {
            page.items
                .iter()
                .map(|row| {
                    vec![
                        row.hold.id.clone(),
                        row.hold.title.clone(),
                        row.hold.status.clone(),
                        row.hold.points.to_string(),
                        time(Some(row.hold.created_at)),
                        row.hold.account.to_string(),
                        row.hold.region.to_string(),
                    ]
                })
                .collect()
        },
    )?;
    Ok(Outcome::Done)
}
