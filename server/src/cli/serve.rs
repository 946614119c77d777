use clap::Args;
use tidemark_domain::AccountId;
use tidemark_services::accounts::UNKNOWN_ACCOUNT;
use tokio_util::sync::CancellationToken;

use super::{CliError, Global, Listen, Outcome, first_admin, output::line, server};
use crate::{
    signals,
    wiring::{self, AwsAccess},
    worker::Worker,
};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  AWS_PROFILE=backup tidemark serve --public-url https://backups.example.com"
)]
pub(super) struct Options {
    #[command(flatten)]
    listen: Listen,
    /// Serve pages only; another process works
    #[arg(long)]
    no_worker: bool,
}

/// Serves until it is told to stop.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let mut config = global.config(Some(&options.listen))?;
    let listener = server::bind(&mut config).await?;
    let wired = wiring::wire_server(&config, &AwsAccess::FromEnvironment).await?;
    first_admin::create(&wired.services, &config).await?;
    let account = match wired.console_account().await {
        Ok(account) => account,
        Err(error) => {
            tracing::warn!(%error, "The console's own AWS credentials do not work yet; templates for accounts are refused until it is started with some that do");
            placeholder()?
        }
    };
    let warnings = [config.proxy_warning(), config.plain_http_warning()];
    for warning in warnings.into_iter().flatten() {
        tracing::warn!("{warning}");
    }
    let stop = CancellationToken::new();
    signals::stop_on_signals(stop.clone())?;
    let worker = (!options.no_worker).then(|| Worker::new(&wired, config.worker, config.store()));
    let server = server::start(
        listener,
        server::Start {
            config: &config,
            wired: &wired,
            account,
            demo: false,
            liveness: worker.as_ref().map(Worker::liveness),
            stop: stop.clone(),
        },
    )?;
    line(&format!("Tidemark serves {}", server.url))?;
    let worker = worker.map(|worker| tokio::spawn(worker.work(stop)));
    server.wait().await?;
    if let Some(worker) = worker {
        let _ = worker.await;
    }
    wired.store.close().await;
    Ok(Outcome::Done)
}

fn placeholder() -> Result<AccountId, CliError> {
    Ok(AccountId::parse(UNKNOWN_ACCOUNT)?)
}
