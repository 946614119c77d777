use clap::Args;
use tidemark_domain::vaults::{HoldChange, HoldRelease};

use super::Change;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark holds release 01234567-89ab-cdef-0123-456789abcdef --account 123456789012 --region eu-west-1\n  … --confirm DIGEST --reason 'the case is closed' --watch"
)]
pub(crate) struct Options {
    /// Id of the hold
    hold: String,
    /// For how many days AWS keeps the record of the released hold
    #[arg(long, value_name = "DAYS")]
    retain_record: Option<i64>,
    #[command(flatten)]
    change: Change,
}

/// Releases a legal hold.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let release = HoldRelease {
        hold: options.hold.clone(),
        retain_record_days: options.retain_record,
    };
    options
        .change
        .run(global, HoldChange::Release(release))
        .await
}
