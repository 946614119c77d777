//! What `serve` and `demo` share: a console that listens.

use tidemark_domain::AccountId;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::CliError;
use crate::{
    config::Config,
    http::{self, Settings, Web},
    site,
    wiring::{self, Wired},
    worker,
};

/// What is known of a console before it listens.
pub(super) struct Start<'a> {
    pub(super) config: &'a Config,
    pub(super) wired: &'a Wired,
    pub(super) account: AccountId,
    pub(super) demo: bool,
    pub(super) stop: CancellationToken,
}

/// A console that listens.
pub(super) struct Server {
    pub(super) url: String,
    pub(super) web: Web,
    task: JoinHandle<std::io::Result<()>>,
}

/// Takes the port of the configuration; 0 becomes a free one.
pub(super) async fn bind(config: &mut Config) -> Result<TcpListener, CliError> {
    let failed = |error| {
        CliError::machine(
            format!("the console cannot listen on {}", config.listen),
            error,
        )
    };
    let listener = TcpListener::bind(config.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    config.listening_on(address);
    Ok(listener)
}

/// Begins to serve.
pub(super) fn start(listener: TcpListener, start: Start<'_>) -> Result<Server, CliError> {
    let Start {
        config,
        wired,
        account,
        demo,
        stop,
    } = start;
    let settings = Settings::new(config)?;
    let url = settings.origin.clone();
    let mut web = Web::new(
        wired.services.clone(),
        settings,
        &config.limits,
        site::leptos_options(config),
        wiring::sessions(&wired.store),
        account,
    );
    web.demo = demo;
    web.stopping = stop;
    web.metrics = http::collect_metrics();
    if demo {
        web.not_ready_yet();
    }
    let task = tokio::spawn(http::serve(listener, web.clone()));
    Ok(Server { url, web, task })
}

impl Server {
    /// Waits until the server has stopped.
    pub(super) async fn wait(self) -> Result<(), CliError> {
        match self.task.await {
            Ok(result) => result.map_err(|error| CliError::machine("the server failed", error)),
            Err(error) => Err(CliError::machine("the server failed", error)),
        }
    }
}

/// Begins to work.
pub(super) fn work(config: &Config, wired: &Wired, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(worker::work(wired.services.clone(), config.worker, stop))
}
