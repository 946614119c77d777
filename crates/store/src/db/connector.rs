use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use futures::future::BoxFuture;
use sqlx::{
    ConnectOptions as _, Connection, Executor as _, postgres::PgConnection,
    sqlite::SqliteConnection,
};
use tokio::time::timeout;

use super::limits::Limits;

/// What the pool needs to know of a kind of connection beyond what sqlx tells.
pub(crate) trait Kind: Connection + Sized + 'static {
    /// A statement that nobody waits for any more leaves the connection as it was.
    const FORGETS: bool;

    /// Runs a statement without arguments and answers how many rows it touched.
    fn run<'c>(connection: &'c mut Self, sql: &'c str) -> BoxFuture<'c, Result<u64, sqlx::Error>>;
}

impl Kind for SqliteConnection {
    const FORGETS: bool = true;

    fn run<'c>(connection: &'c mut Self, sql: &'c str) -> BoxFuture<'c, Result<u64, sqlx::Error>> {
        Box::pin(async move {
            connection
                .execute(sql)
                .await
                .map(|done| done.rows_affected())
        })
    }
}

impl Kind for PgConnection {
    const FORGETS: bool = false;

    fn run<'c>(connection: &'c mut Self, sql: &'c str) -> BoxFuture<'c, Result<u64, sqlx::Error>> {
        Box::pin(async move {
            connection
                .execute(sql)
                .await
                .map(|done| done.rows_affected())
        })
    }
}

/// Makes connections, and looks at those that have rested.
pub(crate) struct Connector<C: Kind> {
    options: C::Options,
    limits: Limits,
    /// When a connection was last found to be dead: those that rest since before are dead too.
    died: Mutex<Option<Instant>>,
}

impl<C: Kind> Connector<C> {
    pub(super) fn new(options: C::Options, limits: Limits) -> Self {
        Self {
            options,
            limits,
            died: Mutex::default(),
        }
    }

    /// A connection is dead.
    pub(super) fn found_dead(&self) {
        *self.died.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether one that rests for so long was there when another one died.
    fn is_suspect(&self, rested: Duration) -> bool {
        let died = *self.died.lock().unwrap_or_else(PoisonError::into_inner);
        died.is_some_and(|at| rested >= at.elapsed())
    }
}

impl<C: Kind> Manager for Connector<C> {
    type Type = C;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<C, sqlx::Error> {
        let made = self.options.connect();
        match self.limits.connect {
            None => made.await,
            Some(limit) => timeout(limit, made)
                .await
                .unwrap_or_else(|_| Err(late("no connection", limit))),
        }
    }

    async fn recycle(&self, connection: &mut C, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        let rested = metrics.last_used();
        if self.is_suspect(rested) {
            return Err(RecycleError::message("another connection has died since"));
        }
        if rested < self.limits.trusted {
            return Ok(());
        }
        let limit = self.limits.ping;
        let answer = timeout(limit, connection.ping())
            .await
            .unwrap_or_else(|_| Err(late("no sign of life", limit)));
        answer.map_err(|error| {
            self.found_dead();
            RecycleError::Backend(error)
        })
    }
}

/// What took longer than it may.
pub(super) fn late(what: &str, limit: Duration) -> sqlx::Error {
    let text = format!("{what} within {} ms", limit.as_millis());
    sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, text))
}
