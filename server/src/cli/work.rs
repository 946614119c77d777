use clap::Args;
use tokio_util::sync::CancellationToken;

use super::{CliError, Global, Outcome, server};
use crate::{
    signals,
    wiring::{self, AwsAccess},
};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark worker --database-url postgres://tidemark@db/tidemark"
)]
pub(super) struct Options {}

/// Works until it is told to stop.
pub(super) async fn run(global: &Global, _: &Options) -> Result<Outcome, CliError> {
    let config = global.config(None)?;
    let wired = wiring::wire(&config, &AwsAccess::FromEnvironment).await?;
    let stop = CancellationToken::new();
    signals::stop_on_signals(stop.clone())?;
    let _ = server::work(&config, &wired, stop).await;
    wired.store.close().await;
    Ok(Outcome::Done)
}
