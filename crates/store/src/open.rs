use std::{str::FromStr as _, time::Duration};

use sqlx::{
    ConnectOptions as _, Connection as _,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
    },
};
use tidemark_domain::Invalid;
use tidemark_services::error::StoreError;

use crate::db::{Db, database};

/// How long a connection may be waited for.
const ACQUIRE: Duration = Duration::from_secs(30);

/// How long an idle connection is taken to be alive without asking.
const TRUSTED: Duration = Duration::from_secs(2);

/// Connects by the kind of database that the URL names.
pub(crate) async fn open(url: &str) -> Result<Db, StoreError> {
    if url.starts_with("sqlite:") {
        sqlite(url).await
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        postgres(url).await
    } else {
        Err(Invalid::new("database URL", "must start with sqlite: or postgres://").into())
    }
}

async fn sqlite(url: &str) -> Result<Db, StoreError> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|_| Invalid::new("database URL", "must have the form sqlite://path"))?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(200)
        .pragma("journal_size_limit", "67108864")
        .pragma("temp_store", "memory")
        .disable_statement_logging();
    let pool = || {
        SqlitePoolOptions::new()
            .acquire_timeout(ACQUIRE)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
    };
    let writer = pool()
        .max_connections(1)
        .connect_with(options.clone().pragma("cache_size", "-32768"))
        .await
        .map_err(database)?;
    let readers = if in_memory(url) {
        writer.clone()
    } else {
        let readers: SqlitePool = pool()
            .max_connections(4)
            .connect_with(
                options
                    .pragma("cache_size", "-16384")
                    .pragma("query_only", "on"),
            )
            .await
            .map_err(database)?;
        readers
    };
    Ok(Db::Sqlite { writer, readers })
}

/// A database in memory belongs to its one connection.
fn in_memory(url: &str) -> bool {
    url.contains(":memory:") || url.contains("mode=memory")
}

async fn postgres(url: &str) -> Result<Db, StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| {
            Invalid::new(
                "database URL",
                "must have the form postgres://user:password@host/database",
            )
        })?
        .application_name("tidemark")
        // Pages are read by small queries: compiling them, or starting helpers for them, takes longer
        // than answering.
        .options([("jit", "off"), ("max_parallel_workers_per_gather", "0")])
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > TRUSTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await
        .map_err(database)?;
    Ok(Db::Postgres(pool))
}
