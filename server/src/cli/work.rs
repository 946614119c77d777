use std::{net::SocketAddr, sync::Arc, time::Duration};

use clap::Args;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{CliError, Global, Outcome, output::line};
use crate::{
    config::Config,
    http::{self, DoorLimits, Readiness},
    liveness::Liveness,
    signals,
    wiring::{self, AwsAccess, Wired},
    worker::Worker,
};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark worker --database-url postgres://tidemark@db/tidemark --listen 0.0.0.0:8081"
)]
pub(super) struct Options {
    /// Answer /healthz and /readyz there
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
}

/// How often a worker without doors looks after itself.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Works until it is told to stop.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let config = global.config(None)?;
    let wired = wiring::wire_server(&config, &AwsAccess::FromEnvironment).await?;
    let stop = CancellationToken::new();
    signals::stop_on_signals(stop.clone())?;
    let worker = Worker::new(&wired, config.worker, config.store());
    let liveness = worker.liveness();
    match options.listen.or(config.worker.listen) {
        Some(address) => open_doors(address, &config, &wired, liveness, stop.clone()).await?,
        None => {
            tokio::spawn(end_when_still(liveness));
        }
    }
    worker.work(stop).await;
    wired.store.close().await;
    Ok(Outcome::Done)
}

async fn open_doors(
    address: SocketAddr,
    config: &Config,
    wired: &Wired,
    liveness: Liveness,
    stop: CancellationToken,
) -> Result<(), CliError> {
    let failed = |error| CliError::machine(format!("the worker cannot listen on {address}"), error);
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let readiness = Readiness::new(Arc::new(wired.store.clone()));
    let doors = http::worker_doors(liveness, readiness);
    let limits = DoorLimits::new(&config.limits, false);
    tokio::spawn(http::serve_router(
        listener,
        doors,
        limits,
        stop,
        Duration::ZERO,
    ));
    line(&format!("The worker answers http://{address}/healthz"))
}

/// Nobody can ask this worker whether it goes on: where it does not, it ends, and what started it starts it again.
async fn end_when_still(liveness: Liveness) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if let Err(why) = liveness.check() {
            tracing::error!("{why}; the worker ends, so that it can be started again");
            std::process::exit(1);
        }
    }
}
