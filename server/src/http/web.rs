use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use metrics_exporter_prometheus::PrometheusHandle;
use tidemark_app::ssr::AreaFiles;
use tidemark_domain::AccountId;
use tidemark_services::Services;
use tokio_util::sync::CancellationToken;

use super::{
    Readiness, Settings, events::StreamCaps, panics::Panics, rate_limit::RateLimits,
    sessions::SessionStorage,
};
use crate::{config::Limits, liveness::Liveness};

/// What every request can reach.
#[derive(Clone)]
pub struct Web {
    /// The use cases.
    pub services: Arc<Services>,
    /// Settings.
    pub settings: Arc<Settings>,
    /// Where the site is.
    pub leptos: LeptosOptions,
    /// The files of the code of each area of the console.
    pub areas: AreaFiles,
    /// Where sessions are kept.
    pub sessions: SessionStorage,
    /// The console's own AWS account, which target roles trust.
    pub account: AccountId,
    /// The metrics, when they are collected.
    pub metrics: Option<PrometheusHandle>,
    /// Whether the database can be worked with.
    pub readiness: Readiness,
    /// Whether the worker goes on, where this process has one.
    pub liveness: Option<Liveness>,
    /// The pages show the demo's users and their password.
    pub demo: bool,
    /// The server is stopping: streams end.
    pub stopping: CancellationToken,
    ready: Arc<AtomicBool>,
    pub(super) streams: StreamCaps,
    pub(super) panics: Panics,
    pub(super) rates: RateLimits,
}

impl Web {
    /// Puts the parts together.
    pub fn new(
        services: Arc<Services>,
        settings: Settings,
        limits: &Limits,
        leptos: LeptosOptions,
        sessions: SessionStorage,
        account: AccountId,
    ) -> Self {
        Self {
            readiness: Readiness::new(services.clone()),
            liveness: None,
            services,
            streams: StreamCaps::new(settings.streams_per_user),
            panics: Panics::new(),
            settings: Arc::new(settings),
            areas: AreaFiles::of(&leptos),
            leptos,
            sessions,
            account,
            metrics: None,
            demo: false,
            ready: Arc::new(AtomicBool::new(true)),
            stopping: CancellationToken::new(),
            rates: RateLimits::new(limits),
        }
    }

    /// Answers `/readyz` with no until [`Web::ready`] is called.
    pub fn not_ready_yet(&self) {
        self.ready.store(false, Ordering::Relaxed);
    }

    /// Answers `/readyz` with yes from now on.
    pub fn ready(&self) {
        self.ready.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    /// Forgets what is kept for a time only; called now and then.
    pub fn tidy(&self) {
        self.rates.forget_quiet();
        // Else all that was measured would be kept until metrics are asked for, which may be never.
        if let Some(metrics) = &self.metrics {
            metrics.run_upkeep();
        }
    }
}

impl FromRef<Web> for LeptosOptions {
    fn from_ref(web: &Web) -> Self {
        web.leptos.clone()
    }
}
