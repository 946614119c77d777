use clap::Args;
use serde_json::json;
use tidemark_services::runs;

use super::id;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark runs cancel 01936b2e-7c1f-7e07-8a0d-6f2f3c0a5b11 --reason 'wrong table'"
)]
pub(crate) struct Options {
    /// Id of the run
    run: String,
    /// Why
    #[arg(long, default_value = "")]
    reason: String,
}

/// Asks a run to stop.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let run = id(&options.run)?;
    let console = global.console().await?;
    runs::cancel(console.services(), &console.caller, run, &options.reason).await?;
    global
        .output()
        .text(&json!({"run": run, "cancel": "requested"}), |_| {
            format!("Run {run} was asked to stop; a worker undoes what it did.")
        })?;
    Ok(Outcome::Done)
}
