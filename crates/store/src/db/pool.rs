use std::{fmt, time::Duration};

use deadpool::managed::{self, PoolConfig, PoolError, QueueMode};
use tidemark_services::error::{Outage, StoreError};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::{
    Health,
    connector::{Connector, Kind},
    error::{database, outage},
    held::Held,
    limits::Limits,
};

/// Pauses between two tries where the database does not let us in.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(200);
/// How often connections that rest are looked at.
const TIDY_EVERY: Duration = Duration::from_secs(10);
/// How long connections may take to end.
const CLOSE: Duration = Duration::from_secs(5);

/// Connections of one kind, lent one by one. One that fails in a way that may have broken it is thrown
/// away, and one that does not come back in time as well.
pub(crate) struct Pool<C: Kind> {
    pub(super) lent: managed::Pool<Connector<C>>,
    pub(super) limits: Limits,
    pub(super) health: Health,
    /// It holds the database itself: nothing may be thrown away.
    pub(super) is_precious: bool,
}

impl<C: Kind> Clone for Pool<C> {
    fn clone(&self) -> Self {
        Self {
            lent: self.lent.clone(),
            limits: self.limits,
            health: self.health.clone(),
            is_precious: self.is_precious,
        }
    }
}

impl<C: Kind> fmt::Debug for Pool<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("lent", &self.lent.status())
            .finish_non_exhaustive()
    }
}

impl<C: Kind> Pool<C> {
    pub(crate) fn new(
        options: C::Options,
        most: usize,
        limits: Limits,
        health: Health,
    ) -> Result<Self, StoreError> {
        let mut config = PoolConfig::new(most.max(1));
        // What is not needed rests, and is closed.
        config.queue_mode = QueueMode::Lifo;
        let lent = managed::Pool::builder(Connector::new(options, limits))
            .config(config)
            .build()
            .map_err(|error| StoreError::Database(error.to_string().into()))?;
        if let Some(idle) = limits.idle {
            tokio::spawn(close_idle(lent.weak(), idle));
        }
        Ok(Self {
            lent,
            limits,
            health,
            is_precious: false,
        })
    }

    /// Its one connection is the database: it is kept whatever happens.
    #[must_use]
    pub(crate) fn precious(mut self) -> Self {
        self.is_precious = true;
        self
    }

    /// Lends a connection, a new one where none rests. Where the database does not let more of them
    /// in, it waits for one of this process.
    pub(crate) async fn get(&self) -> Result<Held<C>, StoreError> {
        match self.limits.wait {
            None => {
                let lent = self.lent.get().await;
                lent.map(|connection| Held::new(self, connection))
                    .map_err(|error| match error {
                        PoolError::Backend(error) => database(error),
                        error => StoreError::Database(error.to_string().into()),
                    })
            }
            Some(wait) => self.get_within(wait).await,
        }
    }

    /// As [`Pool::get`], with a limit of its own.
    pub(crate) async fn get_within(&self, wait: Duration) -> Result<Held<C>, StoreError> {
        let began = Instant::now();
        let deadline = began + wait;
        let mut pause = FIRST_PAUSE;
        let mut refusal = None;
        loop {
            let error = match timeout_at(deadline, self.lent.get()).await {
                Ok(Ok(connection)) => return Ok(Held::new(self, connection)),
                Ok(Err(PoolError::Backend(error))) => error,
                Ok(Err(error)) => return Err(StoreError::Database(error.to_string().into())),
                Err(_) => {
                    let error = refusal.map_or_else(|| self.busy(), database);
                    return Err(error);
                }
            };
            let may_pass = matches!(
                outage(&error),
                Some(Outage::ConnectionLimit | Outage::Restarting | Outage::Busy)
            );
            self.tell(&error);
            let until = if self.lent.status().size > 0 {
                deadline
            } else {
                deadline.min(began + self.limits.refused)
            };
            if !may_pass || Instant::now() + pause > until {
                return Err(database(error));
            }
            refusal = Some(error);
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Every connection of this process is in use.
    fn busy(&self) -> StoreError {
        let status = self.lent.status();
        StoreError::Unavailable {
            outage: Outage::Busy,
            source: format!(
                "all {} connections are in use, and {} wait for one (database_connections)",
                status.max_size, status.waiting
            )
            .into(),
        }
    }

    /// Says that the server is full, now and then.
    fn tell(&self, error: &sqlx::Error) {
        if outage(error) == Some(Outage::ConnectionLimit) && self.health.may_tell() {
            let status = self.lent.status();
            tracing::warn!(
                %error,
                held = status.size,
                database_connections = status.max_size,
                "PostgreSQL takes no more connections: its max_connections, or the limit of the role or the database, is \
                 less than what all processes together may open (database_connections each)"
            );
        }
    }

    /// Ends the connections that rest, and those that are lent as they come back.
    pub(crate) async fn close(&self) {
        let ended = async {
            // All of them, however many are lent.
            while self.lent.status().size > 0 {
                let Ok(connection) = self.lent.get().await else {
                    break;
                };
                let _ = managed::Object::take(connection).close().await;
            }
        };
        let _ = timeout(CLOSE, ended).await;
        self.lent.close();
    }
}

/// Closes connections that nobody has used for a while, until the pool is gone.
async fn close_idle<C: Kind>(pool: managed::WeakPool<Connector<C>>, idle: Duration) {
    loop {
        sleep(TIDY_EVERY).await;
        let Some(pool) = pool.upgrade().filter(|pool| !pool.is_closed()) else {
            return;
        };
        let rested = pool.retain(|_, metrics| metrics.last_used() < idle);
        for connection in rested.removed {
            let _ = timeout(CLOSE, connection.close()).await;
        }
    }
}
