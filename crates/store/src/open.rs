use std::{str::FromStr as _, time::Duration};

use sqlx::{
    ConnectOptions as _,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tidemark_domain::Invalid;
use tidemark_services::error::StoreError;

use crate::{
    db::{Db, Health, Limits, Pool, Pools, StoreConfig},
    file,
};

/// Connections that read a file beside the one that writes.
const READERS: usize = 4;

/// Connects by the kind of database that the URL names.
pub(crate) async fn open(url: &str, config: &StoreConfig) -> Result<Db, StoreError> {
    if url.starts_with("sqlite:") {
        sqlite(url).await
    } else if is_postgres(url) {
        postgres(url, config).await
    } else {
        Err(Invalid::new("database URL", "must start with sqlite: or postgres://").into())
    }
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// The options that the URL of a file or of a database in memory stands for.
pub(crate) fn sqlite_options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|_| Invalid::new("database URL", "must have the form sqlite://path"))?;
    Ok(options)
}

async fn sqlite(url: &str) -> Result<Db, StoreError> {
    let options = sqlite_options(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(200)
        .pragma("journal_size_limit", "67108864")
        .pragma("temp_store", "memory")
        .disable_statement_logging();
    let health = Health::default();
    let is_file = !in_memory(url);
    let limits = if is_file {
        Limits::file()
    } else {
        Limits::memory()
    };
    if is_file {
        file::keep_private(options.get_filename());
    }
    let writer = options.clone().pragma("cache_size", "-32768");
    let writer = Pool::new(writer, 1, limits, health.clone())?;
    let (writer, readers) = if is_file {
        let reader = options
            .pragma("cache_size", "-16384")
            .pragma("query_only", "on");
        (writer, Pool::new(reader, READERS, limits, health.clone())?)
    } else {
        let only = writer.precious();
        (only.clone(), only)
    };
    // Made now: what is wrong with the file is told at the start.
    drop(writer.get().await?);
    drop(readers.get().await?);
    Ok(Db::new(Pools::Sqlite { writer, readers }, health))
}

/// A database in memory belongs to its one connection.
pub(crate) fn in_memory(url: &str) -> bool {
    url.contains(":memory:") || url.contains("mode=memory")
}

async fn postgres(url: &str, config: &StoreConfig) -> Result<Db, StoreError> {
    let millis = |time: Duration| time.as_millis().to_string();
    let patience = config.patience;
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
        // What this process forgets about, because it is gone or cut off, PostgreSQL must not keep: above all no lock.
        .options([
            ("statement_timeout", millis(patience)),
            ("lock_timeout", millis(patience)),
            ("idle_in_transaction_session_timeout", millis(patience / 2)),
            ("tcp_keepalives_idle", "15".to_owned()),
            ("tcp_keepalives_interval", "5".to_owned()),
            ("tcp_keepalives_count", "3".to_owned()),
            ("tcp_user_timeout", millis(patience)),
        ])
        .disable_statement_logging();
    let health = Health::default();
    let most = usize::try_from(config.connections).unwrap_or(usize::MAX);
    let pool = Pool::new(options, most, Limits::server(patience), health.clone())?;
    drop(pool.get().await?);
    Ok(Db::new(Pools::Postgres(pool), health))
}
