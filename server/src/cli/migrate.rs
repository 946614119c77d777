use clap::Args;

use super::{CliError, Global, Outcome, output::line};
use crate::wiring::{self, Opener};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark migrate --database-url postgres://tidemark@db/tidemark"
)]
pub(super) struct Options {}

/// Brings the tables up to date and says so.
pub(super) async fn run(global: &Global, _: &Options) -> Result<Outcome, CliError> {
    let config = global.config(None)?;
    wiring::open_store(&config, Opener::Command).await?;
    line("The database is up to date.")?;
    Ok(Outcome::Done)
}
