use clap::Args;
use tidemark_domain::{AccountId, Page, Region, ResourceRow};
use tidemark_services::buckets::{self, BucketFilter};

use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark buckets list --text backup --region eu-west-1")]
pub(crate) struct Options {
    /// Part of the name
    #[arg(long)]
    text: Option<String>,
    /// Only buckets of this account
    #[arg(long)]
    account: Option<String>,
    /// Only buckets of this Region
    #[arg(long)]
    region: Option<String>,
    /// How many: 1 to 200
    #[arg(long, default_value_t = 50)]
    limit: u16,
    /// `next` of the page before
    #[arg(long)]
    cursor: Option<String>,
}

/// Lists buckets.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let filter = BucketFilter {
        text: options.text.clone(),
        account: options
            .account
            .as_deref()
            .map(AccountId::parse)
            .transpose()?,
        region: options.region.as_deref().map(Region::parse).transpose()?,
        cursor: options.cursor.clone(),
        limit: Some(options.limit),
    };
    let console = global.console().await?;
    let page = buckets::list(console.services(), &console.caller, filter).await?;
    global.output().table(
        &page,
        &["BUCKET", "ACCOUNT", "REGION"],
        |page: &Page<ResourceRow>| {
            page.items
                .iter()
                .map(|row| {
                    vec![
                        row.name.clone(),
                        row.account.to_string(),
                        row.region.to_string(),
                    ]
                })
                .collect()
        },
    )?;
    Ok(Outcome::Done)
}
