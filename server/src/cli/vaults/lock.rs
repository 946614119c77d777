use clap::Args;
use tidemark_domain::vaults::{LockMode, LockWish, VaultChange};

use super::change::Change;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark vaults lock orders-dr --account 123456789012 --region eu-west-1 --mode compliance --changeable-for-days 7 --min-retention-days 30 --max-retention-days 365\n  … --confirm DIGEST --name orders-dr --reason 'rule 17a-4' --watch"
)]
pub(crate) struct Options {
    #[command(flatten)]
    change: Change,
    /// governance: who has the permission can remove the lock; compliance: nobody ever can, once its days to change are over
    #[arg(long)]
    mode: String,
    /// Compliance mode: for how many days the lock can still be changed or removed, 3 at least
    #[arg(long, value_name = "DAYS")]
    changeable_for_days: Option<i64>,
    /// Jobs that keep their points for fewer days fail
    #[arg(long, value_name = "DAYS")]
    min_retention_days: Option<i64>,
    /// Jobs that keep their points for longer, or forever, fail
    #[arg(long, value_name = "DAYS")]
    max_retention_days: Option<i64>,
    /// Set it although jobs of plans would fail
    #[arg(long)]
    accept_failures: bool,
}

/// Rehearses a lock, and sets it.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let wish = LockWish {
        mode: LockMode::parse(&options.mode)?,
        changeable_for_days: options.changeable_for_days,
        min_retention_days: options.min_retention_days,
        max_retention_days: options.max_retention_days,
        accept_failures: options.accept_failures,
    };
    options.change.run(global, VaultChange::Lock(wish)).await
}
