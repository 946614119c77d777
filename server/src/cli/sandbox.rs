use clap::Args;
use tidemark_sandbox::{Estate, Sandbox, SandboxConfig};
use tokio_util::sync::CancellationToken;

use super::{CliError, Global, Outcome, output::line};
use crate::signals;

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark sandbox --port 4566 &\n  AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=x AWS_REGION=eu-west-1 \\\n    AWS_ENDPOINT_URL=http://127.0.0.1:4566 aws dynamodb list-tables"
)]
pub(super) struct Options {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 4566)]
    port: u16,
    /// Begin without the demo estate
    #[arg(long)]
    empty: bool,
    /// Seed of the demo estate
    #[arg(long, default_value_t = SEED)]
    seed: u64,
}

/// The estate that everyone sees who does not ask for another.
pub(super) const SEED: u64 = 7;

/// Simulates AWS until it is told to stop.
pub(super) async fn run(_: &Global, options: &Options) -> Result<Outcome, CliError> {
    let estate = if options.empty {
        Estate::Empty
    } else {
        Estate::Demo { seed: options.seed }
    };
    let sandbox = start(options.port, estate).await?;
    let stop = CancellationToken::new();
    signals::stop_on_signals(stop.clone())?;
    line(&format!(
        "The simulated AWS listens on {}",
        sandbox.endpoint_url()
    ))?;
    stop.cancelled().await;
    sandbox
        .shutdown()
        .await
        .map_err(|error| CliError::machine("the simulated AWS failed", error))?;
    Ok(Outcome::Done)
}

pub(super) async fn start(
    port: u16,
    estate: Estate,
) -> Result<tidemark_sandbox::RunningSandbox, CliError> {
    let config = SandboxConfig {
        port,
        estate,
        ..SandboxConfig::default()
    };
    Sandbox::start(config)
        .await
        .map_err(|error| CliError::machine("the simulated AWS could not be started", error))
}
