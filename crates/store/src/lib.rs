//! The ports of the use cases on SQLite (the default) and PostgreSQL (by URL).
//!
//! Each statement is written once for both: `db` holds the little in which they differ. Times are
//! stored as milliseconds, ids and JSON as text. External ids are stored but never logged.

mod accounts;
mod audit;
mod captures;
mod catalogue;
mod convert;
mod cursor;
mod db;
mod file;
mod insight;
mod items;
mod migrate;
mod open;
mod permissions;
mod probe;
mod record_checkpoints;
mod runs;
mod sessions;
mod sets;
mod sum;
mod users;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tidemark_services::{
    Pulse,
    error::StoreError,
    ports::{
        AccountStore, AuditLog, Captures, Catalogue, Insight, Permissions, RunItems, RunStarts,
        SetStore, UserStore,
    },
};

use tidemark_records::ports::Checkpoints;
use tidemark_runs::RunStore;

use db::Db;
use file::Alone;

pub use db::StoreConfig;
pub use sessions::Sessions;

/// How long the start of a process that serves waits for its database.
const START: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What is held as long as the store is.
#[derive(Clone, Debug)]
struct Hold(#[expect(dead_code, reason = "its end is what counts")] Option<Alone>);

/// An open database.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
    appends: runs::Together,
    runs_pulse: Pulse,
    alone: Hold,
}

impl Store {
    /// Opens `sqlite://path` (made when missing), `sqlite::memory:` or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, &StoreConfig::default()).await
    }

    /// As [`Store::open`], with other limits.
    pub async fn open_with(url: &str, config: &StoreConfig) -> Result<Self, StoreError> {
        Ok(Self {
            appends: runs::Together::default(),
            db: open::open(url, config).await?,
            runs_pulse: Pulse::default(),
            alone: Hold(None),
        })
    }

    /// As [`Store::open_with`], for a process that serves: of the file of an SQLite database there is one only, and any
    /// other is refused with its number.
    pub async fn open_alone(url: &str, config: &StoreConfig) -> Result<Self, StoreError> {
        let alone = if url.starts_with("sqlite:") && !open::in_memory(url) {
            Some(Alone::take(open::sqlite_options(url)?.get_filename())?)
        } else {
            None
        };
        // Both may be starting, the console and its database.
        let began = Instant::now();
        let mut store = loop {
            match Self::open_with(url, config).await {
                Err(StoreError::Unavailable { outage, source }) if began.elapsed() < START => {
                    tracing::warn!(%source, "The start waits: {outage}");
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
                opened => break opened?,
            }
        };
        store.alone = Hold(alone);
        Ok(store)
    }

    /// Brings the tables up to date.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migrate::migrate(&self.db).await
    }

    /// Runs a statement as it stands, for maintenance and for tests.
    pub async fn execute(&self, sql: &str) -> Result<u64, StoreError> {
        self.db.execute_raw(sql).await
    }

    /// Ends every connection, after the statements under way.
    pub async fn close(&self) {
        self.db.close().await;
    }

    /// Whether the database can be worked with: it writes.
    pub async fn probe(&self) -> Result<(), StoreError> {
        probe::probe(&self.db).await
    }

    /// Beats whenever the run engine's worker has asked for its runs or prolonged their leases, whatever the answer.
    pub fn runs_pulse(&self) -> Pulse {
        self.runs_pulse.clone()
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

    /// What the accounts' roles may do.
    pub fn permissions(&self) -> Arc<dyn Permissions> {
        Arc::new(permissions::SqlPermissions(self.db.clone()))
    }

    /// The local users.
    pub fn users(&self) -> Arc<dyn UserStore> {
        Arc::new(users::SqlUsers(self.db.clone()))
    }

    /// The runs and their logs.
    pub fn runs(&self) -> Arc<dyn RunStore> {
        Arc::new(runs::SqlRuns(
            self.db.clone(),
            self.appends.clone(),
            self.runs_pulse.clone(),
        ))
    }

    /// Where runs begin.
    pub fn run_starts(&self) -> Arc<dyn RunStarts> {
        Arc::new(runs::SqlRuns(
            self.db.clone(),
            self.appends.clone(),
            self.runs_pulse.clone(),
        ))
    }

    /// Who reads which shard of a captured table's stream, and how far.
    pub fn record_checkpoints(&self) -> Arc<dyn Checkpoints> {
        Arc::new(record_checkpoints::SqlCheckpoints(self.db.clone()))
    }

    /// Tables that are backed up record by record.
    pub fn captures(&self) -> Arc<dyn Captures> {
        Arc::new(captures::SqlCaptures(self.db.clone()))
    }

    /// Application sets.
    pub fn sets(&self) -> Arc<dyn SetStore> {
        Arc::new(sets::SqlSets(self.db.clone()))
    }

    /// What runs do one by one.
    pub fn items(&self) -> Arc<dyn RunItems> {
        Arc::new(items::SqlItems(self.db.clone()))
    }

    /// Sessions of people who have signed in.
    pub fn sessions(&self) -> Sessions {
        Sessions(self.db.clone())
    }

    /// The audit log.
    pub fn audit(&self) -> Arc<dyn AuditLog> {
        Arc::new(audit::SqlAudit(self.db.clone()))
    }
}
