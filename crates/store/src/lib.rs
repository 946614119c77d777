//! The ports of the use cases on SQLite (the default) and PostgreSQL (by URL).
//!
//! Each statement is written once for both: [`db`] holds the little in which they differ. Times are
//! stored as milliseconds, ids and JSON as text. External ids are stored but never logged.

mod accounts;
mod audit;
mod captures;
mod catalogue;
mod convert;
mod cursor;
mod db;
mod insight;
mod items;
mod migrate;
mod open;
mod record_checkpoints;
mod runs;
mod sum;
mod users;

use std::sync::Arc;

use sqlx::{PgPool, SqlitePool};
use tidemark_services::{
    error::StoreError,
    ports::{AccountStore, AuditLog, Captures, Catalogue, Insight, RunItems, RunStarts, UserStore},
};

use tidemark_records::ports::Checkpoints;
use tidemark_runs::RunStore;

use db::Db;

/// An open database.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
    appends: runs::Together,
}

/// The connections of a store, for what brings its own tables, such as the session store.
#[derive(Clone, Debug)]
pub enum Pool {
    /// SQLite: the one connection that may write.
    Sqlite(SqlitePool),
    /// PostgreSQL.
    Postgres(PgPool),
}

impl Store {
    /// Opens `sqlite://path` (made when missing), `sqlite::memory:` or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Ok(Self {
            appends: runs::Together::default(),
            db: open::open(url).await?,
        })
    }

    /// Brings the tables up to date.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migrate::migrate(&self.db).await
    }

    /// The connections.
    pub fn pool(&self) -> Pool {
        match &self.db {
            Db::Sqlite { writer, .. } => Pool::Sqlite(writer.clone()),
            Db::Postgres(pool) => Pool::Postgres(pool.clone()),
        }
    }

    /// Ends every connection, after the statements under way.
    pub async fn close(&self) {
        match &self.db {
            Db::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let sql = db::Sql::new("SELECT CAST(1 AS BIGINT)");
        let _: Option<(i64,)> = self.db.fetch_optional(sql).await?;
        Ok(())
    }

    /// The index over every vault, resource, recovery point and job.
    pub fn catalogue(&self) -> Arc<dyn Catalogue> {
        Arc::new(catalogue::SqlCatalogue(self.db.clone()))
    }

    /// Sums over the catalogue, and the controls.
    pub fn insight(&self) -> Arc<dyn Insight> {
        Arc::new(insight::SqlInsight(self.db.clone()))
    }

    /// The registered accounts.
    pub fn accounts(&self) -> Arc<dyn AccountStore> {
        Arc::new(accounts::SqlAccounts(self.db.clone()))
    }

    /// The local users.
    pub fn users(&self) -> Arc<dyn UserStore> {
        Arc::new(users::SqlUsers(self.db.clone()))
    }

    /// The runs and their logs.
    pub fn runs(&self) -> Arc<dyn RunStore> {
        Arc::new(runs::SqlRuns(self.db.clone(), self.appends.clone()))
    }

    /// Where runs begin.
    pub fn run_starts(&self) -> Arc<dyn RunStarts> {
        Arc::new(runs::SqlRuns(self.db.clone(), self.appends.clone()))
    }

    /// Who reads which shard of a captured table's stream, and how far.
    pub fn record_checkpoints(&self) -> Arc<dyn Checkpoints> {
        Arc::new(record_checkpoints::SqlCheckpoints(self.db.clone()))
    }

    /// Tables that are backed up record by record.
    pub fn captures(&self) -> Arc<dyn Captures> {
        Arc::new(captures::SqlCaptures(self.db.clone()))
    }

    /// What runs do one by one.
    pub fn items(&self) -> Arc<dyn RunItems> {
        Arc::new(items::SqlItems(self.db.clone()))
    }

    /// The audit log.
    pub fn audit(&self) -> Arc<dyn AuditLog> {
        Arc::new(audit::SqlAudit(self.db.clone()))
    }
}
