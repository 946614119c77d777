use clap::Args;
use tidemark_domain::vaults::VaultChange;

use super::change::Change;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark vaults delete old --account 123456789012 --region eu-west-1\n  … --confirm DIGEST --name old --reason 'not used any more' --watch"
)]
pub(crate) struct Options {
    #[command(flatten)]
    change: Change,
}

/// Deletes an empty vault.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    options.change.run(global, VaultChange::Delete).await
}
