//! Whether the process lives, and whether it can serve. Neither ever waits for long.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use tidemark_services::{ServiceError, Services, StoreError};
use tidemark_store::Store;
use tokio::{sync::Mutex, time::timeout};

use super::{Problem, Web, chain};
use crate::liveness::Liveness;

/// How long an answer of the database counts.
const COUNTS: Duration = Duration::from_secs(1);
/// How long the database may take to answer.
const LIMIT: Duration = Duration::from_millis(1_500);

/// What tells whether the console can work.
#[async_trait]
pub trait Probe: Send + Sync {
    /// Does a little of what the console needs, to see whether it can be done.
    async fn probe(&self) -> Result<(), StoreError>;
}

#[async_trait]
impl Probe for Store {
    async fn probe(&self) -> Result<(), StoreError> {
        Store::probe(self).await
    }
}

#[async_trait]
impl Probe for Services {
    async fn probe(&self) -> Result<(), StoreError> {
        self.accounts.list().await.map(drop)
    }
}

/// Whether the database can be worked with, asked once a second at most, however many ask.
#[derive(Clone)]
pub struct Readiness {
    probe: Arc<dyn Probe>,
    last: Arc<Mutex<Option<Known>>>,
}

struct Known {
    at: Instant,
    answer: Result<(), String>,
}

impl Readiness {
    /// By this probe.
    pub fn new(probe: Arc<dyn Probe>) -> Self {
        Self {
            probe,
            last: Arc::default(),
        }
    }

    /// Why not, in words for people.
    pub async fn check(&self) -> Result<(), String> {
        // Whoever asks first asks the database; the others wait for that answer.
        let mut last = self.last.lock().await;
        if let Some(known) = last.as_ref().filter(|known| known.at.elapsed() < COUNTS) {
            return known.answer.clone();
        }
        let answer = match timeout(LIMIT, self.probe.probe()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(told(error)),
            Err(_) => Err("the database did not answer in time".to_owned()),
        };
        if let Err(why) = &answer
            && !matches!(last.as_ref(), Some(Known { answer: Err(before), .. }) if before == why)
        {
            tracing::error!("The console is not ready: {why}");
        }
        *last = Some(Known {
            at: Instant::now(),
            answer: answer.clone(),
        });
        answer
    }
}

fn told(error: StoreError) -> String {
    match ServiceError::from(error) {
        ServiceError::Unavailable { outage, source } => {
            tracing::debug!(error = %chain(source.as_ref()), "The probe of the database failed");
            outage.to_string()
        }
        error => {
            tracing::error!(error = %chain(&error), "The probe of the database failed");
            "the database failed".to_owned()
        }
    }
}

/// `GET /healthz`: the process lives, and what should go round in it does.
pub(crate) async fn healthz(State(web): State<Web>) -> Response {
    lives(web.liveness.as_ref())
}

/// `GET /readyz`: the database can be worked with and the server is not stopping.
pub(crate) async fn readyz(State(web): State<Web>) -> Response {
    if web.stopping.is_cancelled() {
        return not_ready("the server is stopping");
    }
    if !web.is_ready() {
        return not_ready("the first reading of the accounts is under way");
    }
    ready(&web.readiness).await
}

/// The doors of a process that serves no pages.
pub(crate) fn worker_doors(liveness: Liveness, readiness: Readiness) -> Router {
    Router::new()
        .route("/healthz", get(async move || lives(Some(&liveness))))
        .route("/readyz", get(async move || ready(&readiness).await))
}

fn lives(liveness: Option<&Liveness>) -> Response {
    match liveness.map_or(Ok(()), Liveness::check) {
        Ok(()) => "ok\n".into_response(),
        Err(why) => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "stands_still",
            "The worker stands still",
            format!("{why}."),
        )
        .with_guidance("Restart the process: others take its runs over, and nothing is lost.")
        .into_response(),
    }
}

async fn ready(readiness: &Readiness) -> Response {
    match readiness.check().await {
        Ok(()) => "ready\n".into_response(),
        Err(why) => not_ready(&why),
    }
}

fn not_ready(why: &str) -> Response {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "not_ready",
        "Not ready",
        format!("Not ready: {why}."),
    )
    .after(1)
    .into_response()
}
