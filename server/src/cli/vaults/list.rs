use clap::Args;
use tidemark_domain::{AccountId, Page, Region, VaultFilter, VaultRow};
use tidemark_services::vaults;

use crate::cli::{CliError, Global, Outcome, output::time};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark vaults list --account 123456789012 --locked true")]
pub(crate) struct Options {
    /// Part of the name
    #[arg(long)]
    text: Option<String>,
    /// Only vaults of this account
    #[arg(long)]
    account: Option<String>,
    /// Only vaults of this Region
    #[arg(long)]
    region: Option<String>,
    /// Only locked vaults, or only the others
    #[arg(long)]
    locked: Option<bool>,
    /// How many: 1 to 200
    #[arg(long, default_value_t = 50)]
    limit: u16,
    /// `next` of the page before
    #[arg(long)]
    cursor: Option<String>,
}

/// Lists vaults.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let filter = VaultFilter {
        text: options.text.clone(),
        account: options
            .account
            .as_deref()
            .map(AccountId::parse)
            .transpose()?,
        region: options.region.as_deref().map(Region::parse).transpose()?,
        locked: options.locked,
        cursor: options.cursor.clone(),
        limit: Some(options.limit),
    };
    let console = global.console().await?;
    let page = vaults::list(console.services(), &console.caller, &filter).await?;
    let now = console.services().clock.now();
    global.output().table(
        &page,
        &[
            "VAULT", "LOCK", "POINTS", "EXPIRED", "HELD", "OLDEST", "NEWEST", "ACCOUNT", "REGION",
        ],
        |page: &Page<VaultRow>| {
            page.items
                .iter()
                .map(|row| {
                    vec![
                        row.vault.name.clone(),
                        row.vault.lock_state(now).as_str().to_owned(),
                        row.contents.points.to_string(),
                        row.contents.expired.to_string(),
                        row.contents.held.to_string(),
                        time(row.contents.oldest),
                        time(row.contents.newest),
                        row.vault.account.to_string(),
                        row.vault.region.to_string(),
                    ]
                })
                .collect()
        },
    )?;
    Ok(Outcome::Done)
}
