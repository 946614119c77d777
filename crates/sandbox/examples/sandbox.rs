//! The simulated AWS alone: `cargo run -p tidemark-sandbox --example sandbox -- --port 4566 --empty`

use anyhow::Context as _;
use clap::Parser;
use tidemark_sandbox::{Estate, Sandbox, SandboxConfig};

/// Runs the simulated AWS until it is interrupted.
#[derive(Parser)]
struct Arguments {
    /// Port on the loopback interface; 0 picks a free one.
    #[arg(long, default_value_t = 4566)]
    port: u16,
    /// Start with nothing in it.
    #[arg(long)]
    empty: bool,
    /// Seed of the demo estate.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| "warn,tidemark_sandbox=info".into()),
        )
        .init();
    let arguments = Arguments::parse();
    let sandbox = Sandbox::start(SandboxConfig {
        port: arguments.port,
        estate: if arguments.empty {
            Estate::Empty
        } else {
            Estate::Demo {
                seed: arguments.seed,
            }
        },
        ..SandboxConfig::default()
    })
    .await
    .context("starting the simulated AWS")?;
    println!("{}", sandbox.endpoint_url());
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminated.recv() => {}
    }
    sandbox.shutdown().await?;
    Ok(())
}
