use clap::Args;
use tidemark_domain::{Page, RecoveryPoint};
use tidemark_services::points;

use super::filter::Which;
use crate::cli::{CliError, Global, Outcome, output::time};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark points list --vault daily --status EXPIRED --older-than 90"
)]
pub(crate) struct Options {
    #[command(flatten)]
    which: Which,
    /// From the oldest to the newest
    #[arg(long)]
    oldest_first: bool,
    /// How many: 1 to 1000
    #[arg(long, default_value_t = 50)]
    limit: u16,
    /// `next` of the page before
    #[arg(long)]
    cursor: Option<String>,
}

/// Lists recovery points.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let mut filter = options.which.filter(console.services().clock.now())?;
    filter.oldest_first = options.oldest_first;
    filter.limit = Some(options.limit);
    filter.cursor.clone_from(&options.cursor);
    let page = points::list(console.services(), &console.caller, filter).await?;
    global.output().table(
        &page,
        &[
            "MADE", "STATUS", "TIER", "RESOURCE", "VAULT", "ACCOUNT", "REGION", "GOES", "ARN",
        ],
        |page: &Page<RecoveryPoint>| page.items.iter().map(row).collect(),
    )?;
    Ok(Outcome::Done)
}

fn row(point: &RecoveryPoint) -> Vec<String> {
    let mut status = point.status.clone();
    for (is, word) in [(point.locked, "locked"), (point.held, "held")] {
        if is {
            status.push_str(", ");
            status.push_str(word);
        }
    }
    vec![
        time(Some(point.created_at)),
        status,
        point.tier.as_str().to_owned(),
        point.resource_arn.name().to_owned(),
        point.vault.clone().unwrap_or_default(),
        point.account.to_string(),
        point.region.to_string(),
        time(point.delete_at),
        point.arn.to_string(),
    ]
}
