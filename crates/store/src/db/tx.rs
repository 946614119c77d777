use sqlx::{Postgres, Sqlite, Transaction};
use tidemark_services::error::StoreError;

use super::{Dialect, Row, Sql, args, database};

/// A transaction that writes; rolled back when dropped.
pub(crate) enum Tx {
    /// Of SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// Of PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Waits until no other transaction holds this name, and holds it until the end.
    /// In SQLite every writing transaction is alone already.
    pub(crate) async fn lock(&mut self, name: &str) -> Result<(), StoreError> {
        if self.dialect() == Dialect::Postgres {
            let lock = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || $1, 0))";
            self.execute(Sql::new(lock).arg(name)).await?;
        }
        Ok(())
    }

    /// Reads all rows.
    pub(crate) async fn fetch_all<T: Row>(&mut self, sql: Sql) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Sqlite(tx) => {
                let sql = sql.for_sqlite();
                sqlx::query_as_with::<Sqlite, T, _>(&sql.text, args::sqlite(sql.args)?)
                    .persistent(sql.keep)
                    .fetch_all(&mut **tx)
                    .await
            }
            Self::Postgres(tx) => {
                sqlx::query_as_with::<Postgres, T, _>(&sql.text, args::postgres(sql.args)?)
                    .persistent(sql.keep)
                    .fetch_all(&mut **tx)
                    .await
            }
        }
        .map_err(database)
    }

    /// Reads the first row, if there is any.
    pub(crate) async fn fetch_optional<T: Row>(
        &mut self,
        sql: Sql,
    ) -> Result<Option<T>, StoreError> {
        match self {
            Self::Sqlite(tx) => {
                let sql = sql.for_sqlite();
                sqlx::query_as_with::<Sqlite, T, _>(&sql.text, args::sqlite(sql.args)?)
                    .persistent(sql.keep)
                    .fetch_optional(&mut **tx)
                    .await
            }
            Self::Postgres(tx) => {
                sqlx::query_as_with::<Postgres, T, _>(&sql.text, args::postgres(sql.args)?)
                    .persistent(sql.keep)
                    .fetch_optional(&mut **tx)
                    .await
            }
        }
        .map_err(database)
    }

    /// Runs a statement and answers how many rows it touched.
    pub(crate) async fn execute(&mut self, sql: Sql) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(tx) => {
                let sql = sql.for_sqlite();
                sqlx::query_with::<Sqlite, _>(&sql.text, args::sqlite(sql.args)?)
                    .persistent(sql.keep)
                    .execute(&mut **tx)
                    .await
                    .map(|done| done.rows_affected())
            }
            Self::Postgres(tx) => {
                sqlx::query_with::<Postgres, _>(&sql.text, args::postgres(sql.args)?)
                    .persistent(sql.keep)
                    .execute(&mut **tx)
                    .await
                    .map(|done| done.rows_affected())
            }
        }
        .map_err(database)
    }

    /// Makes it last.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
        .map_err(database)
    }
}
