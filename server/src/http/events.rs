//! `GET /runs/{id}/events`: a run's log as server-sent events, live.

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::{Extension, Path, State},
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::stream::{self, Stream};
use serde::Deserialize;
use tidemark_app::ssr::Visitor;
use tidemark_domain::runs::{RunEvent, RunEventKind, RunId};
use tidemark_runs::RunNotice;
use tidemark_services::{Caller, ServiceError, runs, session};
use tokio::sync::broadcast;
use tower_sessions::{Session, session::Id as SessionId};

use super::{Problem, Web, api::run_id, extract::Filter, sessions::SignedIn};
use crate::names;

/// How often the store is asked: the worker may be another process, from which no signal comes.
const POLL: Duration = Duration::from_secs(1);
/// The longest pause while the database cannot be asked.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How often the session behind a stream is checked again.
const CHECK_EVERY: Duration = Duration::from_secs(5);
/// The last event of a stream whose run has ended: the browser closes instead of asking again.
const END: &str = "end";

/// How many streams each user holds open.
#[derive(Clone, Debug)]
pub(crate) struct StreamCaps {
    most: usize,
    open: Arc<Mutex<HashMap<String, usize>>>,
}

impl StreamCaps {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            open: Arc::default(),
        }
    }

    fn take(&self, user: &str) -> Option<StreamPlace> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let held = open.entry(user.to_owned()).or_insert(0);
        if *held >= self.most {
            return None;
        }
        *held += 1;
        metrics::gauge!(names::OPEN_STREAMS).increment(1);
        Some(StreamPlace {
            caps: self.clone(),
            user: user.to_owned(),
        })
    }
}

/// One open stream; dropped with it.
#[derive(Debug)]
struct StreamPlace {
    caps: StreamCaps,
    user: String,
}

impl Drop for StreamPlace {
    fn drop(&mut self) {
        let mut open = self
            .caps
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = open.get_mut(&self.user) {
            *held -= 1;
            if *held == 0 {
                open.remove(&self.user);
            }
        }
        metrics::gauge!(names::OPEN_STREAMS).decrement(1);
    }
}

/// Where to go on when the browser sends no `Last-Event-ID`: the page already shows that many.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct After {
    #[serde(default)]
    after: u64,
}

/// Opens the stream for whoever may read the run.
pub(crate) async fn stream(
    State(web): State<Web>,
    Path(id): Path<String>,
    Filter(query): Filter<After>,
    Extension(visitor): Extension<Visitor>,
    Extension(signed_in): Extension<SignedIn>,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = run_id(&id)?;
    let after = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok())
        .unwrap_or(query.after);
    let caller = visitor.caller;
    let first = runs::events(&web.services, &caller, id, after).await?;
    if first.is_empty() {
        let run = runs::get(&web.services, &caller, id).await?;
        if run.run.head.state.is_terminal() {
            // Tells an EventSource that asks again to stop.
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
    }
    let place = web.streams.take(&caller.name).ok_or_else(|| {
        Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_streams",
            "Too many open pages",
            "You follow too many runs at once. Close some of their pages.",
        )
    })?;
    let state = Follow {
        notices: web.services.runs.subscribe(),
        web,
        caller,
        signed_in,
        session: session.id(),
        id,
        seq: after,
        ready: first.into(),
        checked: Instant::now(),
        phase: Phase::Running,
        pause: POLL,
        _place: place,
    };
    Ok(Sse::new(follow(state))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
        .into_response())
}

struct Follow {
    web: Web,
    caller: Caller,
    signed_in: SignedIn,
    session: Option<SessionId>,
    id: RunId,
    seq: u64,
    ready: VecDeque<RunEvent>,
    notices: broadcast::Receiver<RunNotice>,
    checked: Instant,
    phase: Phase,
    /// After the next failure.
    pause: Duration,
    _place: StreamPlace,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// More may come.
    Running,
    /// The last event was sent; the browser is to be told.
    Ended,
    /// Nothing comes any more.
    Closed,
}

fn follow(state: Follow) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(state, |mut state| async move {
        state.next().await.map(|event| (Ok(event), state))
    })
}

impl Follow {
    /// The next event; none closes the stream.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                self.seq = event.seq;
                if matches!(event.kind, RunEventKind::Finished { .. }) {
                    self.phase = Phase::Ended;
                }
                return Event::default()
                    .id(event.seq.to_string())
                    .json_data(&event)
                    .ok();
            }
            match self.phase {
                Phase::Closed => return None,
                Phase::Ended => {
                    self.phase = Phase::Closed;
                    return Some(Event::default().event(END).data(self.seq.to_string()));
                }
                Phase::Running => {}
            }
            tokio::select! {
                () = self.web.stopping.cancelled() => return None,
                () = something_happened(&mut self.notices, self.id) => {}
                () = tokio::time::sleep(POLL) => {}
            }
            if self.checked.elapsed() >= CHECK_EVERY {
                match self.may_go_on().await {
                    Ok(true) => self.checked = Instant::now(),
                    // Nothing can be read meanwhile either; it is asked again before anything is.
                    Err(error) if passes(&error) => {
                        self.wait_out(&error).await;
                        continue;
                    }
                    Ok(false) | Err(_) => return None,
                }
            }
            let events = runs::events(&self.web.services, &self.caller, self.id, self.seq);
            match events.await {
                Ok(events) => {
                    self.ready = events.into();
                    self.pause = POLL;
                }
                Err(error) if passes(&error) => self.wait_out(&error).await,
                Err(_) => return None,
            }
        }
    }

    /// Pauses, longer each time, so that a database in trouble is not asked by every open page each second.
    async fn wait_out(&mut self, error: &ServiceError) {
        tracing::debug!(%error, run = %self.id, "A run cannot be followed for now; its page stays open");
        tokio::select! {
            () = self.web.stopping.cancelled() => {}
            () = tokio::time::sleep(self.pause) => {}
        }
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
    }

    /// Whether the session behind the stream is still good: not signed out of, not over, and of
    /// somebody who may still do what they could.
    async fn may_go_on(&self) -> Result<bool, ServiceError> {
        let Some(session) = &self.session else {
            return Ok(false);
        };
        let (sessions, settings) = (&self.web.sessions, &self.web.settings);
        let now = self.web.services.clock.now();
        if !SignedIn::is_there(sessions, session, settings, now).await {
            return Ok(false);
        }
        let SignedIn { user_id, stamp, .. } = self.signed_in;
        let origin = self.caller.origin.clone();
        session::caller_of(&self.web.services, user_id, stamp, origin)
            .await
            .map(|found| found.is_some_and(|(caller, _)| caller.role == self.caller.role))
    }
}

/// Whether it is nothing that the run or its reader has brought about, but a trouble of the console that may pass.
fn passes(error: &ServiceError) -> bool {
    matches!(
        error,
        ServiceError::Unavailable { .. } | ServiceError::Overloaded(_) | ServiceError::Internal(_)
    )
}

/// Waits until this process has written an event of the run. One that was missed comes by polling.
async fn something_happened(notices: &mut broadcast::Receiver<RunNotice>, id: RunId) {
    loop {
        match notices.recv().await {
            Ok(notice) if notice.run == id => return,
            Ok(_) => {}
            Err(broadcast::error::RecvError::Lagged(_)) => return,
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_user_holds_so_many_streams_and_gets_a_place_back() {
        let caps = StreamCaps::new(2);
        let first = caps.take("anna").unwrap();
        let _second = caps.take("anna").unwrap();
        assert!(caps.take("anna").is_none());
        assert!(caps.take("ben").is_some());
        drop(first);
        assert!(caps.take("anna").is_some());
    }
}
