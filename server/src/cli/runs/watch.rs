use clap::Args;

use super::id;
use crate::cli::{CliError, Global, Outcome, watch};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark runs watch 01936b2e-7c1f-7e07-8a0d-6f2f3c0a5b11")]
pub(crate) struct Options {
    /// Id of the run
    run: String,
}

/// Follows a run; fails when it does.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    watch::follow(&console, id(&options.run)?, global.output()).await
}
