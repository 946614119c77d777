//! The two databases behind one face: the only place that tells them apart when a statement runs, and the only one that
//! deals with connections. Each statement has a limit in time, each failure is looked at for what it did to its connection,
//! and what is not sound any more is thrown away: so that whatever befalls the database, things go on once it passes.

mod args;
mod connector;
mod error;
mod health;
mod held;
mod limits;
mod pool;
mod sql;
mod tx;

use std::{sync::Arc, time::Duration};

use sqlx::{
    FromRow,
    postgres::{PgConnection, PgRow},
    sqlite::{SqliteConnection, SqliteRow},
};
use tidemark_services::error::StoreError;
use tokio::sync::Mutex;

pub(crate) use error::{corrupt, database};
pub(crate) use health::Health;
pub(crate) use limits::Limits;
pub use limits::StoreConfig;
pub(crate) use pool::Pool;
pub(crate) use sql::{Arg, Sql};
pub(crate) use tx::Tx;

use connector::Kind as _;
use held::Held;

/// A row type that either database can fill.
pub(crate) trait Row:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{}

/// Connections to one database.
#[derive(Clone, Debug)]
pub(crate) struct Db {
    pub(crate) pools: Pools,
    pub(crate) health: Health,
    /// Those of this process that wait for the lock of the catalogue do so here, and hold no connection.
    line: Arc<Mutex<()>>,
}

/// The connections.
#[derive(Clone, Debug)]
pub(crate) enum Pools {
    /// SQLite: one writer, so that writers queue here and never meet a busy database.
    Sqlite {
        /// The one connection that writes.
        writer: Pool<SqliteConnection>,
        /// Connections that read beside it.
        readers: Pool<SqliteConnection>,
    },
    /// PostgreSQL.
    Postgres(Pool<PgConnection>),
}

/// Where the two databases' SQL differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// A connection of either kind.
enum On {
    Sqlite(Held<SqliteConnection>),
    Postgres(Held<PgConnection>),
}

impl Db {
    pub(crate) fn new(pools: Pools, health: Health) -> Self {
        Self {
            pools,
            health,
            line: Arc::default(),
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self.pools {
            Pools::Sqlite { .. } => Dialect::Sqlite,
            Pools::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Reads all rows.
    pub(crate) async fn fetch_all<T: Row>(&self, sql: Sql) -> Result<Vec<T>, StoreError> {
        self.reading().await?.fetch_all(sql).await
    }

    /// Reads the first row, if there is any.
    pub(crate) async fn fetch_optional<T: Row>(&self, sql: Sql) -> Result<Option<T>, StoreError> {
        Ok(self.fetch_all(sql).await?.into_iter().next())
    }

    /// Runs one writing statement by itself and answers how many rows it touched.
    pub(crate) async fn execute(&self, sql: Sql) -> Result<u64, StoreError> {
        let done = self.writing().await?.execute(sql).await?;
        self.health.wrote();
        Ok(done)
    }

    /// Runs one writing statement by itself and answers the first row that it gives back.
    pub(crate) async fn change<T: Row>(&self, sql: Sql) -> Result<Option<T>, StoreError> {
        // To its end: only then is the statement committed.
        let rows = self.writing().await?.fetch_all(sql).await?;
        self.health.wrote();
        Ok(rows.into_iter().next())
    }

    /// Runs a statement as it stands, by itself, however long it takes.
    pub(crate) async fn execute_raw(&self, sql: &str) -> Result<u64, StoreError> {
        match self.writing().await? {
            On::Sqlite(mut held) => {
                let done = SqliteConnection::run(held.raw()?, sql).await;
                let done = done.map_err(database)?;
                held.went_well();
                Ok(done)
            }
            On::Postgres(mut held) => {
                // It goes afterwards, and its settings with it.
                let connection = held.raw()?;
                PgConnection::run(connection, "SET statement_timeout = 0")
                    .await
                    .map_err(database)?;
                PgConnection::run(connection, sql).await.map_err(database)
            }
        }
    }

    /// Begins a transaction that will write.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        Tx::begin(self.writing().await?).await
    }

    /// As [`Db::begin`], where a connection to PostgreSQL is free within that time.
    pub(crate) async fn begin_within(&self, wait: Duration) -> Result<Tx, StoreError> {
        match &self.pools {
            Pools::Sqlite { .. } => self.begin().await,
            Pools::Postgres(pool) => Tx::begin(On::Postgres(pool.get_within(wait).await?)).await,
        }
    }

    /// As [`Db::begin`], after the others of this process that began so: for what waits for one lock, so that no more than
    /// one connection waits with it.
    pub(crate) async fn begin_in_line(&self) -> Result<Tx, StoreError> {
        let place = Arc::clone(&self.line).lock_owned().await;
        Ok(self.begin().await?.in_line(place))
    }

    /// Ends every connection, after the statements under way.
    pub(crate) async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    async fn reading(&self) -> Result<On, StoreError> {
        Ok(match &self.pools {
            Pools::Sqlite { readers, .. } => On::Sqlite(readers.get().await?),
            Pools::Postgres(pool) => On::Postgres(pool.get().await?),
        })
    }

    async fn writing(&self) -> Result<On, StoreError> {
        Ok(match &self.pools {
            Pools::Sqlite { writer, .. } => On::Sqlite(writer.get().await?),
            Pools::Postgres(pool) => On::Postgres(pool.get().await?),
        })
    }
}

impl On {
    fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    async fn begin(&mut self) -> Result<(), StoreError> {
        match self {
            // Deferred, SQLite would refuse the first write when another process wrote meanwhile.
            Self::Sqlite(held) => held.begin("BEGIN IMMEDIATE").await,
            Self::Postgres(held) => held.begin("BEGIN").await,
        }
    }

    async fn commit(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(held) => held.commit().await,
            Self::Postgres(held) => held.commit().await,
        }
    }

    async fn fetch_all<T: Row>(&mut self, sql: Sql) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Sqlite(held) => held.fetch_all(sql).await,
            Self::Postgres(held) => held.fetch_all(sql).await,
        }
    }

    async fn execute(&mut self, sql: Sql) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(held) => held.execute(sql).await,
            Self::Postgres(held) => held.execute(sql).await,
        }
    }
}
