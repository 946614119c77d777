use tidemark_services::error::StoreError;
use tokio::sync::OwnedMutexGuard;

use super::{Dialect, On, Row, Sql};

/// A transaction that writes; rolled back when dropped.
pub(crate) struct Tx {
    on: On,
    /// Its place in the line of this process.
    place: Option<OwnedMutexGuard<()>>,
}

impl Tx {
    pub(super) async fn begin(mut on: On) -> Result<Self, StoreError> {
        on.begin().await?;
        Ok(Self { on, place: None })
    }

    pub(super) fn in_line(mut self, place: OwnedMutexGuard<()>) -> Self {
        self.place = Some(place);
        self
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.on.dialect()
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

    /// Gives each of its statements so many seconds in PostgreSQL: for those that work on all that is known of an account.
    pub(crate) async fn take_time(&mut self) -> Result<(), StoreError> {
        match &mut self.on {
            On::Sqlite(_) => Ok(()),
            On::Postgres(held) => held.take_time().await,
        }
    }

    /// Reads all rows.
    pub(crate) async fn fetch_all<T: Row>(&mut self, sql: Sql) -> Result<Vec<T>, StoreError> {
        self.on.fetch_all(sql).await
    }

    /// Reads the first row, if there is any.
    pub(crate) async fn fetch_optional<T: Row>(
        &mut self,
        sql: Sql,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.fetch_all(sql).await?.into_iter().next())
    }

    /// Runs a statement and answers how many rows it touched.
    pub(crate) async fn execute(&mut self, sql: Sql) -> Result<u64, StoreError> {
        self.on.execute(sql).await
    }

    /// Makes it last.
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        self.on.commit().await
    }
}
