//! One capture: opened, followed, opened anew after a failure.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use jiff::Timestamp;
use tidemark_domain::{
    SessionName,
    records::{Capture, CaptureMode, CaptureTrouble},
};
use tidemark_records::{
    RecordsError,
    capture::{Applier, Streamer, StreamerOptions, Tick, Watcher, prepare},
    compact::{CompactOptions, Compacted, compact},
    index::{IndexDocument, IndexHandle, LayoutKind},
    without_records,
};
use tokio::{sync::watch, time::Instant};

use super::CaptureConfig;
use crate::{
    ServiceError, Services,
    ports::{RecordsAccess, SessionIdentity},
    records::{
        layout_of,
        open_backup::{index_of, target},
        policy, status_of,
    },
};

/// Pause where nothing is new.
const IDLE: Duration = Duration::from_secs(1);
/// Pause where more may follow: a shard may be read five times a second.
const BUSY: Duration = Duration::from_millis(200);
/// Pause between looks at a stream that a function stores.
const WATCH: Duration = Duration::from_secs(3);
/// How often segments are merged and the table is looked at.
const TIDY_EVERY: Duration = Duration::from_mins(5);
/// How often what is known is stored while changes come, and while none do.
const TELL_BUSY: Duration = Duration::from_secs(2);
const TELL_IDLE: Duration = Duration::from_secs(30);
/// Failures of the passing kind, one after another, that are told.
const PATIENCE: u32 = 3;
/// The first and the longest pause after a failure.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// After so long without a failure, the pauses begin anew.
const STEADY: Duration = Duration::from_mins(5);

/// How a round ended, when nothing failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// It was told to stop.
    Stopped,
    /// The table has another stream.
    NewStream,
}

/// A capture's table, bucket and index. Passed by value: futures that borrow it are not `Send` for every
/// lifetime, as far as the compiler sees.
#[derive(Clone)]
struct Opened {
    access: RecordsAccess,
    index: IndexHandle,
}

struct Following {
    services: Arc<Services>,
    config: CaptureConfig,
    capture: Capture,
    stop: watch::Receiver<bool>,
}

/// Follows a capture until it is told to stop.
pub(super) async fn follow(
    services: Arc<Services>,
    config: CaptureConfig,
    capture: Capture,
    stop: watch::Receiver<bool>,
) {
    let mut following = Following {
        services,
        config,
        capture,
        stop,
    };
    let mut failures = 0_u32;
    while !following.is_stopped() {
        let began = Instant::now();
        let error = match following.once().await {
            Ok(End::Stopped) => return,
            Ok(End::NewStream) => continue,
            Err(error) => error,
        };
        let message = error_text(&error);
        tracing::warn!(
            capture = following.capture.id,
            table = %following.capture.table,
            error = message,
            "changes of a table are not stored at present"
        );
        following.tell_trouble(message).await;
        failures = if began.elapsed() >= STEADY {
            1
        } else {
            failures.saturating_add(1)
        };
        let pause = FIRST_PAUSE.saturating_mul(1 << (failures - 1).min(10));
        following.pause(pause.min(LONGEST_PAUSE)).await;
    }
}

/// What is said of a failure: AWS's own words, with what was tried.
fn error_text(error: &ServiceError) -> String {
    without_records(&match error {
        ServiceError::Internal(source) => source.to_string(),
        error => error.to_string(),
    })
}

fn failed(error: RecordsError) -> ServiceError {
    ServiceError::Conflict(error.to_string())
}

impl Following {
    /// It was told to stop, or nobody is left who could tell it.
    fn is_stopped(&self) -> bool {
        *self.stop.borrow() || self.stop.has_changed().is_err()
    }

    /// Waits, but no longer than until it is told to stop.
    async fn pause(&mut self, pause: Duration) {
        let _ = tokio::time::timeout(pause, self.stop.wait_for(|stop| *stop)).await;
    }

    async fn open(&self) -> Result<RecordsAccess, ServiceError> {
        let session = SessionIdentity {
            session_name: SessionName::from_text(&format!("tidemark-capture-{}", self.capture.id)),
            source_identity: None,
            policy: Some(policy::capture(&self.capture).fitted()),
        };
        let target = target(&self.services, &self.capture, session).await?;
        let access = self
            .services
            .records
            .open(&target, self.capture.table_name(), &self.capture.bucket)
            .await?;
        Ok(access)
    }

    async fn prepared(&self, opened: Opened) -> Result<IndexDocument, ServiceError> {
        let layout = layout_of(self.capture.layout);
        let Opened { access, index } = opened;
        prepared(index, access, layout).await.map_err(failed)
    }

    /// Follows until something fails, the stream is another one, or it is told to stop.
    async fn once(&mut self) -> Result<End, ServiceError> {
        let access = self.open().await?;
        let index = index_of(&self.capture, &access);
        let opened = Opened { access, index };
        if self.capture.mode == CaptureMode::Embedded {
            self.embedded(opened).await
        } else {
            self.watch(opened).await
        }
    }

    /// Reads the stream.
    async fn embedded(&mut self, opened: Opened) -> Result<End, ServiceError> {
        let document = self.prepared(opened.clone()).await?;
        let Opened { access, index } = opened.clone();
        let stream = stream_of(&document);
        let mut options = StreamerOptions::new(self.config.worker.clone());
        options.lease = self.config.lease;
        options.flush_after = self.config.flush_after;
        options.discover_every = options.discover_every.min(self.config.lease);
        let mut streamer = Streamer::new(
            access.stream(&stream),
            Arc::clone(&self.services.checkpoints),
            Arc::clone(&access.clock),
            Applier::new(index.clone(), &document),
            options,
        );
        let followed = self.read(opened.clone(), &stream, &mut streamer).await;
        // What was read is stored whatever ended it, and the shards are given back.
        let given_back = given_back(&mut streamer).await;
        let end = followed?;
        given_back.map_err(failed)?;
        if end == End::Stopped {
            self.tell(opened).await?;
        }
        Ok(end)
    }

    async fn read(
        &mut self,
        opened: Opened,
        stream: &str,
        streamer: &mut Streamer,
    ) -> Result<End, ServiceError> {
        // What was wrong before counts until a round has gone well.
        let mut told: Option<Instant> = None;
        let mut tidied = Instant::now();
        let mut news = false;
        let mut failures = 0_u32;
        while !self.is_stopped() {
            let mut pause = IDLE;
            let mut holds = true;
            match ticked(streamer).await {
                Ok(tick) => {
                    news |= tick.stored > 0 || tick.closed || !tick.gaps.is_empty();
                    // What an earlier failure left in the status goes with the next telling.
                    news |= failures >= PATIENCE;
                    failures = 0;
                    holds = tick.shards > 0;
                    if tick.read > 0 || tick.closed {
                        pause = BUSY;
                    }
                }
                Err(error) if error.is_retryable() => {
                    failures = failures.saturating_add(1);
                    if failures == PATIENCE {
                        self.tell_trouble(without_records(&error.to_string())).await;
                    }
                }
                Err(error) => return Err(failed(error)),
            }
            let due = if news { TELL_BUSY } else { TELL_IDLE };
            if failures == 0 && told.is_none_or(|told| told.elapsed() >= due) {
                self.tell(opened.clone()).await?;
                (told, news) = (Some(Instant::now()), false);
            }
            if tidied.elapsed() >= TIDY_EVERY {
                if self.tidy(opened.clone(), holds).await? != stream {
                    return Ok(End::NewStream);
                }
                tidied = Instant::now();
            }
            self.pause(pause).await;
        }
        Ok(End::Stopped)
    }

    /// A Lambda function stores the changes: up to when is found out, told, and segments are merged.
    /// The function hears of nothing while nothing changes.
    async fn watch(&mut self, opened: Opened) -> Result<End, ServiceError> {
        let document = self.prepared(opened.clone()).await?;
        let stream = stream_of(&document);
        let mut watcher = Watcher::new(
            opened.access.stream(&stream),
            Arc::clone(&opened.access.clock),
            Applier::new(opened.index.clone(), &document),
        );
        let mut told: Option<Instant> = None;
        let mut tidied = Instant::now();
        let mut failures = 0_u32;
        while !self.is_stopped() {
            match watched(&mut watcher).await {
                Ok(()) => failures = 0,
                Err(error) if error.is_retryable() => {
                    failures = failures.saturating_add(1);
                    if failures == PATIENCE {
                        self.tell_trouble(without_records(&error.to_string())).await;
                    }
                }
                Err(error) => return Err(failed(error)),
            }
            if failures == 0 && told.is_none_or(|told| told.elapsed() >= TELL_IDLE) {
                self.tell(opened.clone()).await?;
                told = Some(Instant::now());
            }
            if tidied.elapsed() >= TIDY_EVERY {
                if self.tidy(opened.clone(), true).await? != stream {
                    return Ok(End::NewStream);
                }
                tidied = Instant::now();
            }
            self.pause(WATCH).await;
        }
        Ok(End::Stopped)
    }

    /// Merges segments where this worker has shards, looks at the table, and answers the stream that
    /// it has now.
    async fn tidy(&self, opened: Opened, merges: bool) -> Result<String, ServiceError> {
        if merges {
            // Merging only makes reading cheaper: whatever it meets, the capture goes on.
            let done = merged(opened.index.clone(), opened.access.clock.now()).await;
            if let Err(error) = done {
                tracing::warn!(table = %self.capture.table, %error, "segments were not merged");
            }
        }
        let document = self.prepared(opened).await?;
        Ok(stream_of(&document))
    }

    /// Stores what the index says now; what was wrong is no longer.
    async fn tell(&self, opened: Opened) -> Result<(), ServiceError> {
        let document = opened.index.load().await.map_err(failed)?;
        let status = status_of(&document, opened.access.clock.now());
        self.services
            .captures
            .put_status(&self.capture.id, &status)
            .await?;
        Ok(())
    }

    /// Stores what keeps changes from being stored, beside what was known.
    async fn tell_trouble(&self, message: String) {
        let captures = &self.services.captures;
        let Ok(Some(stored)) = captures.get(&self.capture.id).await else {
            return;
        };
        let mut status = stored.status;
        let same = status
            .last_error
            .take()
            .filter(|trouble| trouble.message == message);
        status.last_error = Some(same.unwrap_or_else(|| CaptureTrouble {
            at: self.services.clock.now(),
            message,
        }));
        if let Err(error) = captures.put_status(&self.capture.id, &status).await {
            tracing::warn!(%error, "what keeps a capture from its work could not be stored");
        }
    }
}

// The engine's futures are boxed here, where their lifetimes are plain: the compiler cannot show that
// they are `Send` from inside a future that is spawned.

fn prepared(
    index: IndexHandle,
    access: RecordsAccess,
    layout: LayoutKind,
) -> BoxFuture<'static, Result<IndexDocument, RecordsError>> {
    Box::pin(
        async move { prepare(&index, access.table.as_ref(), layout, access.clock.now()).await },
    )
}

fn merged(
    index: IndexHandle,
    now: Timestamp,
) -> BoxFuture<'static, Result<Compacted, RecordsError>> {
    Box::pin(async move { compact(&index, &CompactOptions::default(), now).await })
}

fn ticked(streamer: &mut Streamer) -> BoxFuture<'_, Result<Tick, RecordsError>> {
    Box::pin(streamer.tick())
}

fn watched(watcher: &mut Watcher) -> BoxFuture<'_, Result<(), RecordsError>> {
    Box::pin(watcher.tick())
}

/// Stores what was read and gives the shards back, whatever comes of the former.
fn given_back(streamer: &mut Streamer) -> BoxFuture<'_, Result<(), RecordsError>> {
    Box::pin(async move {
        let flushed = streamer.flush(&mut Tick::default()).await;
        let released = streamer.release().await;
        flushed.and(released)
    })
}

fn stream_of(document: &IndexDocument) -> String {
    document
        .capture
        .as_ref()
        .map(|capture| capture.stream.clone())
        .unwrap_or_default()
}
