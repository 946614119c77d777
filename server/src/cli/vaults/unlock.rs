use clap::Args;
use tidemark_domain::vaults::VaultChange;

use super::change::Change;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark vaults unlock orders-dr --account 123456789012 --region eu-west-1\n  … --confirm DIGEST --reason 'a wrong retention' --watch"
)]
pub(crate) struct Options {
    #[command(flatten)]
    change: Change,
}

/// Removes a lock that can still be changed.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    options.change.run(global, VaultChange::Unlock).await
}
