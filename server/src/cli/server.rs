//! What `serve` and `demo` share: a console that listens.

use std::sync::Arc;

use tidemark_domain::AccountId;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::CliError;
use crate::{
    config::Config,
    http::{self, Readiness, Settings, Web},
    liveness::Liveness,
    site,
    wiring::{self, Wired},
};

/// What is known of a console before it listens.
pub(super) struct Start<'a> {
    pub(super) config: &'a Config,
    pub(super) wired: &'a Wired,
    pub(super) account: AccountId,
    pub(super) demo: bool,
    /// Of the worker of this process.
    pub(super) liveness: Option<Liveness>,
    pub(super) stop: CancellationToken,
}

/// A console that listens.
pub(super) struct Server {
    pub(super) url: String,
    pub(super) web: Web,
    task: JoinHandle<()>,
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
        liveness,
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
    web.readiness = Readiness::new(Arc::new(wired.store.clone()));
    web.liveness = liveness;
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
        self.task
            .await
            .map_err(|error| CliError::machine("the server failed", error))
    }
}
