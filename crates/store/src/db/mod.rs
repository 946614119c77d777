//! The two databases behind one face: the only place that tells them apart when a statement runs.

mod args;
mod error;
mod sql;
mod tx;

use sqlx::{FromRow, PgPool, Postgres, Sqlite, SqlitePool, postgres::PgRow, sqlite::SqliteRow};
use tidemark_services::error::StoreError;

pub(crate) use error::{corrupt, database};
pub(crate) use sql::{Arg, Sql};
pub(crate) use tx::Tx;

/// A row type that either database can fill.
pub(crate) trait Row:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{}

/// Connections to one database.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    /// SQLite: one writer, so that writers queue here and never meet a busy database.
    Sqlite {
        /// The one connection that writes.
        writer: SqlitePool,
        /// Connections that read beside it.
        readers: SqlitePool,
    },
    /// PostgreSQL.
    Postgres(PgPool),
}

/// Where the two databases' SQL differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Db {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite { .. } => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Reads all rows.
    pub(crate) async fn fetch_all<T: Row>(&self, sql: Sql) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Sqlite { readers, .. } => sqlite_rows(readers, sql).await,
            Self::Postgres(pool) => postgres_rows(pool, sql).await,
        }
    }

    /// Reads the first row, if there is any.
    pub(crate) async fn fetch_optional<T: Row>(&self, sql: Sql) -> Result<Option<T>, StoreError> {
        match self {
            Self::Sqlite { readers, .. } => {
                let sql = sql.for_sqlite();
                sqlx::query_as_with::<Sqlite, T, _>(&sql.text, args::sqlite(sql.args)?)
                    .persistent(sql.keep)
                    .fetch_optional(readers)
                    .await
            }
            Self::Postgres(pool) => {
                sqlx::query_as_with::<Postgres, T, _>(&sql.text, args::postgres(sql.args)?)
                    .persistent(sql.keep)
                    .fetch_optional(pool)
                    .await
            }
        }
        .map_err(database)
    }

    /// Runs one writing statement by itself and answers how many rows it touched.
    pub(crate) async fn execute(&self, sql: Sql) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite { writer, .. } => {
                let sql = sql.for_sqlite();
                sqlx::query_with::<Sqlite, _>(&sql.text, args::sqlite(sql.args)?)
                    .persistent(sql.keep)
                    .execute(writer)
                    .await
                    .map(|done| done.rows_affected())
            }
            Self::Postgres(pool) => {
                sqlx::query_with::<Postgres, _>(&sql.text, args::postgres(sql.args)?)
                    .persistent(sql.keep)
                    .execute(pool)
                    .await
                    .map(|done| done.rows_affected())
            }
        }
        .map_err(database)
    }

    /// Runs one writing statement by itself and answers the first row that it gives back.
    pub(crate) async fn change<T: Row>(&self, sql: Sql) -> Result<Option<T>, StoreError> {
        // To its end: only then is the statement committed.
        let rows = match self {
            Self::Sqlite { writer, .. } => sqlite_rows(writer, sql).await?,
            Self::Postgres(pool) => postgres_rows(pool, sql).await?,
        };
        Ok(rows.into_iter().next())
    }

    /// Begins a transaction that will write.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        match self {
            // Deferred, SQLite would refuse the first write when another process wrote meanwhile.
            Self::Sqlite { writer, .. } => {
                writer.begin_with("BEGIN IMMEDIATE").await.map(Tx::Sqlite)
            }
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
        }
        .map_err(database)
    }
}

async fn sqlite_rows<T: Row>(pool: &SqlitePool, sql: Sql) -> Result<Vec<T>, StoreError> {
    let sql = sql.for_sqlite();
    sqlx::query_as_with::<Sqlite, T, _>(&sql.text, args::sqlite(sql.args)?)
        .persistent(sql.keep)
        .fetch_all(pool)
        .await
        .map_err(database)
}

async fn postgres_rows<T: Row>(pool: &PgPool, sql: Sql) -> Result<Vec<T>, StoreError> {
    sqlx::query_as_with::<Postgres, T, _>(&sql.text, args::postgres(sql.args)?)
        .persistent(sql.keep)
        .fetch_all(pool)
        .await
        .map_err(database)
}
