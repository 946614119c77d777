use std::path::Path;

use tidemark_store::Store;
use uuid::Uuid;

use crate::Failure;

const POSTGRES: &str = "TIDEMARK_TEST_POSTGRES_URL";

/// A kind of database to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Sqlite,
    Postgres,
}

/// A fresh database; call [`Database::drop_it`] in the end.
pub(crate) struct Database {
    pub(crate) store: Store,
    url: String,
    folder: Option<tempfile::TempDir>,
    name: Option<String>,
}

impl Target {
    /// SQLite, and PostgreSQL when there is one.
    pub(crate) fn all() -> Vec<Self> {
        if std::env::var_os(POSTGRES).is_some() {
            vec![Self::Sqlite, Self::Postgres]
        } else {
            eprintln!("PostgreSQL is not measured: {POSTGRES} is not set");
            vec![Self::Sqlite]
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    pub(crate) async fn create(self) -> Result<Database, Failure> {
        let database = match self {
            Self::Sqlite => {
                let folder = tempfile::tempdir()?;
                let url = sqlite_url(folder.path());
                Database {
                    store: Store::open(&url).await?,
                    url,
                    folder: Some(folder),
                    name: None,
                }
            }
            Self::Postgres => {
                let server = std::env::var(POSTGRES)?;
                let name = format!("tidemark_bench_{}", Uuid::new_v4().simple());
                execute(&server, &format!("CREATE DATABASE {name}")).await?;
                let (base, options) = server.split_once('?').unwrap_or((&server, ""));
                let (base, _) = base.rsplit_once('/').ok_or("the URL names no database")?;
                let url = format!("{base}/{name}?{options}");
                Database {
                    store: Store::open(&url).await?,
                    url,
                    folder: None,
                    name: Some(name),
                }
            }
        };
        database.store.migrate().await?;
        Ok(database)
    }
}

impl Database {
    /// Another opening of the same database, as another process would have it.
    pub(crate) async fn open_again(&self) -> Result<Store, Failure> {
        Ok(Store::open(&self.url).await?)
    }

    /// What PostgreSQL's autovacuum does within a minute of much writing.
    pub(crate) async fn settle(&self) -> Result<(), Failure> {
        if self.name.is_some() {
            self.store.execute("VACUUM ANALYZE").await?;
        }
        Ok(())
    }

    pub(crate) async fn drop_it(self) -> Result<(), Failure> {
        self.store.close().await;
        drop(self.folder);
        if let Some(name) = self.name {
            let server = std::env::var(POSTGRES)?;
            execute(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await?;
        }
        Ok(())
    }
}

fn sqlite_url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("bench.db").display())
}

async fn execute(server: &str, sql: &str) -> Result<(), Failure> {
    let store = Store::open(server).await?;
    store.execute(sql).await?;
    store.close().await;
    Ok(())
}
